"""The timeline: which frame of a run is shown, moved by pointer and keys, or played."""
