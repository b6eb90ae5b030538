"""Comparing: two to four runs side by side, with linked views, a common timeline and a table of figures."""
