"""Settings of a run as text, with what is needed to train it again and to check that the same comes out."""
