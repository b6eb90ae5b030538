"""Stressors: wrong labels, damage and movement of the images of a run, on its device."""
