"""Features of the probe images, in the plane or in space."""
