"""One batch of training: its images as a frame, and the force of the loss on each."""
