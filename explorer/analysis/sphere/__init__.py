"""What a classifier says on a sphere in three dimensions."""
