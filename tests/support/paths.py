"""Where things are, and whether anything may be skipped."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"  # real text, which the project does not ship
REQUIRED = os.environ.get("FASTW2V_REQUIRE") == "1"
