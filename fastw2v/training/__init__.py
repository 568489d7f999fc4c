"""From a corpus and settings to trained vectors: pipeline, loop, engine, checkpoints."""
