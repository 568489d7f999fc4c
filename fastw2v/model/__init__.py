"""The matrices that are trained, and the tables made from word counts."""
