"""Losses and accuracies over a run."""
