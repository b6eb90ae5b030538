"""Measures recordings: files, what recording costs training, and moving along the timeline."""
