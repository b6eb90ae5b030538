"""Predictions that a person makes before a run, and how they compare with it."""
