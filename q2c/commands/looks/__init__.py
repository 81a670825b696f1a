"""What documents look like: drawn as pictures, opened, tried with extremes."""
