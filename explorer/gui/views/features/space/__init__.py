"""Features in three dimensions."""
