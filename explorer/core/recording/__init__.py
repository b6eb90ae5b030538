"""Recordings: a run on disk, as it was shown, in an MCAP file with the suffix ``.lossrun``."""
