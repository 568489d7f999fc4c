"""Vectors of sentences, from those of their words."""
