"""Names of array types, for hints. What an array holds, the docstrings say."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
