"""Frames of a run as the views read them, and the history kept of them."""
