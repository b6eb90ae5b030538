"""What stressors did to the images of a frame, and what the features show of it."""
