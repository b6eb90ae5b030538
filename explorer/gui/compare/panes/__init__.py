"""Panes: the runs of a comparison side by side, linked with each other."""
