"""Devices, the data set in their memory, and CPU threads."""
