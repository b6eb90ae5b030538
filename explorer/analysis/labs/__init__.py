"""The numbers of the labs: small exact computations that need no run."""
