"""Predict, then see: a person guesses what a run will show, and the run is drawn over the guess."""
