"""Exports of a recorded run: its data as files for other programs, and the run as a script."""
