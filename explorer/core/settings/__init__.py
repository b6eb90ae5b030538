"""Settings of a run: their descriptions, the configuration, files and presets."""
