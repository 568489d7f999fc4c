"""Maps of words: vectors projected to a plane, as a web page or an image."""

from fastw2v.mapping.draw import check_number_of_models, check_possible, draw_map
from fastw2v.submodules import lazy

__all__ = ["check_number_of_models", "check_possible", "draw_map"]

__getattr__, __dir__ = lazy(__name__)
