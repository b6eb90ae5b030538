"""A run in the window: its worker, its state and its images."""
