"""What stressors do to labels and images, as functions of the seed, for the trainer and for the window."""
