"""The language of the window, and the font that it is written in."""
