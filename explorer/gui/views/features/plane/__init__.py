"""Features in two dimensions (the plane)."""
