"""Shared by window and worker: settings, losses, protocol, recordings, data; imports neither Qt nor torch."""
