"""Fuzzing with damaged files, killed trainings, and regression files from past findings."""
