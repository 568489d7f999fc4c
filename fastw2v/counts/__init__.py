"""Word vectors from co-occurrence counts; start reading at `fastw2v.counts.vectors`."""
