"""Word vectors: nearest neighbours, analogies, the API of gensim, conversion, inspection."""
