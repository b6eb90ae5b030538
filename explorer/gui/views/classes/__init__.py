"""Confusion matrix and table of classes."""
