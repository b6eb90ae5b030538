"""Plots of a run, each a function of frame, configuration and display options."""
