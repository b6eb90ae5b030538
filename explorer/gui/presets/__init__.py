"""Presets: how long they take on this machine, what they set as a picture, and the window to choose one."""
