"""A run as one HTML file that plays it in a browser."""
