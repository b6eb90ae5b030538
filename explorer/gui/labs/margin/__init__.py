"""The margin lab: what each loss makes of the angle, in training and at test time."""
