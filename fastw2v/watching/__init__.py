"""A training that runs in a web page, one visible step at a time; start reading at
`fastw2v.watching.watch_page`, then `training.js`."""
