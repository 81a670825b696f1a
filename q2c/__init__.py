"""Quote to cash over plain files."""

__version__ = "0.1.0"
