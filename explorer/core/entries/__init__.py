"""The catalogue's entries, one module per family."""
