"""The box that chooses a loss: a list with pictures and search, under the names of families."""
