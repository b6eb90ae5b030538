"""Margins of losses: what training asks of a sample, and what can be met."""
