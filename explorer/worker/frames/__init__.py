"""Frames: the probe images, their features, and when they are sent."""
