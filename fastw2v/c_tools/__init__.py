"""Programs with the names, the flags and the output of the C program and its tools.

``python -m fastw2v.c_tools NAME ARGUMENT...`` runs one; the scripts in ``bin/``, and those that
``fastw2v c-tools`` writes, give them their names. Each is a module with ``USAGE``, a text, and
``run(arguments)``.
"""

PROGRAMS = ("word2vec", "word2phrase", "distance", "word-analogy", "compute-accuracy")
