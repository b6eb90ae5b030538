"""Events of a run, found in its frames as they come: classes, images and the loss."""
