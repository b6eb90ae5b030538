"""What views compute from a frame: NumPy only, without Qt and without torch; the worker never imports it."""
