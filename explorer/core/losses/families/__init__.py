"""The descriptions themselves, one module for each family of losses."""
