"""Tables: the text of one column of CSV, TSV, JSON Lines, Parquet and Arrow files.

Every row becomes its text and a newline, so that a row is one sentence, or several if its text has
newlines. What comes out is bytes of plain text, which `fastw2v.corpus` splits as any other text.

- CSV and TSV: the first row names the columns. Fields may be quoted, as RFC 4180 describes.
- JSON Lines: one object per line. A value is a string, null (no text), or a list of tokens; the
  name ``a.b`` is the key ``a.b``, or else the key ``b`` of the object ``a``.
- Parquet, Arrow files and streams, Feather: by the package pyarrow. Strings, binary data, and lists
  of tokens; the name ``a.b`` is a field of a struct.

Tokens of a list are strings or integers. One that is empty, or has a space, a tab or a line end in
it, is an error: as plain text it would be no token, or several.

Bytes that are not UTF-8 are preserved. An escaped half of a surrogate pair in JSON, which is no
character, becomes U+FFFD.
"""
