"""The library: the recorded runs of a folder, and the panel that lists them."""
