"""The cost lab: time and memory of a step of each loss by number of classes, measured on this machine."""
