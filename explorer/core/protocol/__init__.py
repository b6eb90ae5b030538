"""What window and worker say to each other, and how it travels."""
