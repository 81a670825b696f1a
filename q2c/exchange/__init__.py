"""Files that other programs read or write."""
