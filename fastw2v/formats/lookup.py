"""From words to their rows."""

_LOOKS = 8  # that many words are found faster by looking through the list


class Lookup:
    """Finds the rows of words. The dict for it takes longest of all to make: only if it is needed.

    words: list of str, each once; it must not change.
    """

    def __init__(self, words: list[str]):
        self._words = words
        self._index: dict[str, int] | None = None
        self._looks = 0

    @property
    def index(self) -> dict[str, int]:
        """From word to row."""
        if self._index is None:
            self._index = dict(zip(self._words, range(len(self._words)), strict=True))
        return self._index

    def find(self, word) -> int | None:
        """The row of ``word``, or None."""
        if self._index is not None or self._looks == _LOOKS:
            return self.index.get(word)
        self._looks += 1
        try:
            return self._words.index(word)
        except ValueError:
            return None


def count_repeats(words: list[str]) -> int:
    """How many of the words have stood before."""
    return len(words) - len(set(words))
