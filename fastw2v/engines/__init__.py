"""Back ends that train a model, with one protocol; those for the CPU are here."""
