"""Neural language models, feed-forward and recurrent; start reading at `network.py`."""
