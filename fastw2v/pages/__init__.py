"""Self-contained web pages: one file with its style, script and data, without network access."""
