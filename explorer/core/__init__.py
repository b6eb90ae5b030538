"""What window and worker share: settings, protocol, geometry, statistics; neither Qt nor torch."""
