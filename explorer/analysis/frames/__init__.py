"""Frames of a run as views read them, and what is kept of them over a run."""
