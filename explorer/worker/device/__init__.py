"""Devices, the data set on them, and threads."""
