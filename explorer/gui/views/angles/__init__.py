"""The Angles view: angles of features to class weights, and between classes."""
