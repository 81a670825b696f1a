"""The business itself: values and functions, in the order of quote to cash."""
