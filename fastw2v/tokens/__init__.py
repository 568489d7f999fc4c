"""Raw text -> words separated by spaces, one sentence per line: `fastw2v.tokens.text.tokenize`
and `fastw2v.tokens.files.write_tokens`.

The rules use the general categories of Unicode (`unicodedata`) and no language model:

- A word is a run of letters, digits and combining marks, with the zero-width joiners between them.
  An underscore is a letter. An apostrophe between two letters belongs to the word and is written
  ``'``; a point or comma between two digits belongs to the number; a hyphen splits, or with
  ``hyphens="keep"`` belongs to the word between two letters or digits and is written ``-``.
- An emoji is a word, with its skin tone, and joined ones together; so are the two letters of a
  flag. Emoji are the other symbols (So) of U+2300 to U+23FF, U+2600 to U+27BF, U+2B00 to U+2BFF and
  U+1F000 to U+1FAFF.
- All else separates words and is left out: punctuation, symbols, controls. Soft hyphens, variation
  selectors 15 and 16, word joiners and byte order marks are left out without separating.
- A sentence ends at a line end; at ``!``, ``?`` or ``…``, with quotes or brackets closed after it,
  before a space; likewise at a full stop, unless a lower-case letter follows, or it follows a
  single letter other than I or one of a few English abbreviations (`ABBREVIATIONS` in
  `fastw2v.tokens.rules`); and at the full stops of Chinese, Japanese, Hindi, Burmese, Khmer,
  Armenian and Ethiopic wherever they are. With ``wrapped`` a line end is a space, and an empty line
  ends a sentence.
- Text is normalised to NFC. ``lower`` makes it lower case as `str.lower` does.

Chinese, Japanese, Thai, Lao, Khmer and Burmese have no spaces between words: their text needs a
segmenter first, which `fastw2v.tokens.scripts` names.
"""

from fastw2v.tokens.options import NUMBERS, TokenOptions

__all__ = ["NUMBERS", "TokenOptions"]
