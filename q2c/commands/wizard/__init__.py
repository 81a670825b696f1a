"""The wizard: a quote by questions."""
