"""Forces on the features, as arrows over them."""
