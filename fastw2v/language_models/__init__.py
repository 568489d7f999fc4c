"""Language models, which give a text a probability; start reading at
`fastw2v.language_models.protocol`, then `ngram_model.py`."""
