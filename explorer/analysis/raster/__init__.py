"""Pixels and colours: points drawn in software, ticks, thinned curves, digitised drawings."""
