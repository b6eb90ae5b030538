"""Statistics of angles, classes and samples."""
