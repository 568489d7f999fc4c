"""Word vectors in use: queries, nearest neighbours, gensim's names, conversion, inspection."""
