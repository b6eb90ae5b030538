"""The Features view: features of the probe images in two or three dimensions."""
