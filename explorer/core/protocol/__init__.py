"""The messages between window and worker, and their encoding."""
