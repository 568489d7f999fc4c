"""Programs with the names, flags and output of the C program and its tools.

``python -m fastw2v.c_tools NAME ARGUMENT...`` runs one, as do the scripts in ``bin/`` and those
that ``fastw2v c-tools`` writes. Each is a module with ``USAGE``, a text, and ``run(arguments)``.
"""

PROGRAMS = ("word2vec", "word2phrase", "distance", "word-analogy", "compute-accuracy")
