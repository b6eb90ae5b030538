"""Schedules the drawing of views."""
