"""Maps of words: their vectors on a plane, as a page for the browser or as a picture."""

from fastw2v.mapping.draw import check_possible, draw_map

__all__ = ["check_possible", "draw_map"]
