"""Verification and identification of test images by the distance of their features."""
