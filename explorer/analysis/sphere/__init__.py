"""Predictions of a classifier on a sphere in three dimensions."""
