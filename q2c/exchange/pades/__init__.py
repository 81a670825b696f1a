"""Signatures in PDF files (PAdES, ETSI EN 319 142-1) by pyHanko: made, and read back."""
