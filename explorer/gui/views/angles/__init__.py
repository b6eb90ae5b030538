"""Angles to class weights."""
