"""The lengths and angles of features against what was done to their images."""
