"""Files and bytes: opening, compression, replacing whole files, word lists."""
