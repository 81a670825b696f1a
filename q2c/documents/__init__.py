"""From values to bytes: what people and machines are handed."""
