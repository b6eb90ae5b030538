"""What is asked of the trainer of a run, and leaves the run as it is."""
