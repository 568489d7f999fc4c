"""Back ends that train a model, behind one protocol; the CPU's are here."""
