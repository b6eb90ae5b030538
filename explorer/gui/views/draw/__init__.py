"""The Draw view: a pad, and how the network classifies the drawing."""
