"""Settings of a run: their descriptions, the configuration, its files, and presets."""
