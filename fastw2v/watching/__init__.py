"""A training that runs in a web page, one visible step at a time; start reading at
`fastw2v.watching.watch_page`, then `training.js`."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
