"""Keys: what the colours of a plot mean."""
