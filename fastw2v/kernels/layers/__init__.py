"""Output layers: against which output rows a centre word is trained, one file for each.

`interface` says what a layer provides, `registry` lists the layers, `dispatch` calls those in use
from compiled code.
"""
