"""The events of a run: their list, and the way to one."""
