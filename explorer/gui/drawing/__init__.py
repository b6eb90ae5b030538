"""When the views of a window are drawn."""
