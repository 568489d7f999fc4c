"""Reports as JSON files."""

import json
import os
from collections.abc import Mapping
from typing import Any

from fastw2v.io.atomic import replacing


def write_report(path: str | os.PathLike[str], report: Mapping[str, Any]) -> None:
    """Write a report as JSON; an existing file is replaced only when it is complete.

    Raises OutputError.
    """
    with replacing(path, "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
