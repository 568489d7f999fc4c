"""Campaigns of damaged files and killed trainings, and what they found."""
