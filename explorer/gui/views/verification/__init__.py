"""The Verification view: whether two images show the same class."""
