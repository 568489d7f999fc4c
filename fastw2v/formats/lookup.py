"""Row numbers of words."""

_LOOKS = 8  # linear searches before the dict is built


class Lookup:
    """Finds the rows of words, with a dict that is built after a few linear searches.

    Building the dict takes longer than loading the vectors. words: list of distinct str, which
    must not change.
    """

    def __init__(self, words: list[str]):
        self._words = words
        self._index: dict[str, int] | None = None
        self._looks = 0

    @property
    def index(self) -> dict[str, int]:
        """Row by word; builds the dict."""
        if self._index is None:
            self._index = dict(zip(self._words, range(len(self._words)), strict=True))
        return self._index

    def find(self, word: object) -> int | None:
        """The row of ``word``, or None."""
        if self._index is not None or self._looks == _LOOKS:
            return self.index.get(word)
        self._looks += 1
        try:
            return self._words.index(word)
        except ValueError:
            return None


def count_repeats(words: list[str]) -> int:
    """The number of words that repeat an earlier one."""
    return len(words) - len(set(words))
