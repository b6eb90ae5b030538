"""The centre lab: an outlier's share of the centre loss, and how centres follow their class."""
