"""Features in three dimensions (space)."""
