"""Margins of losses: whether a sample meets them in training, and which are feasible."""
