"""Films: the pictures of a stretch of a run, one after the other."""
