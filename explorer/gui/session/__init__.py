"""One run as the window sees it: its worker, its state, its images."""
