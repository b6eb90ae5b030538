"""Features in two dimensions."""
