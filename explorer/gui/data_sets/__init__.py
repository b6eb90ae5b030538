"""Data sets of one's own: chosen by menu or drop, read in full beside the window, and then trained on."""
