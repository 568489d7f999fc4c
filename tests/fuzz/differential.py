"""Compares `--exact` with the strict build of the C program, on random trainings.

    python -m tests.fuzz.differential --cases 500 --seed 1

A case is a hostile text and random settings (`exact_cases`), trained by both. Every file must have
the same bytes, and with the C program's flags what is printed, too. Else the difference must be
one of `known_differences`; they are counted by name. All others are finds: their files are kept,
with a description, and the exit code is 1. Case N of a seed is always the same.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.exact_cases import Case, make_case
from tests.fuzz.known_differences import Ended, name_difference
from tests.support.forks import Forks

SECONDS = 30  # for the C program, which may go round in circles
OUTPUTS = ("v", "counts")
EQUAL = "equal"


class Found(NamedTuple):
    """What came of a case.

    name: `EQUAL`, the name of a known difference, or None for a find.
    """

    name: str | None
    details: str


class Campaign:
    """Runs cases in two folders of ``folder``, one for each program."""

    def __init__(self, reference: Path, folder: Path):
        self._reference, self._theirs, self._ours = reference, folder / "c", folder / "ours"
        for each in (self._theirs, self._ours):
            each.mkdir()
        self._forks = Forks(self._ours, exact=True)

    def __enter__(self):
        self._forks.__enter__()
        return self

    def __exit__(self, *error):
        self._forks.__exit__(*error)

    def run(self, case: Case) -> Found:
        """Train a case with both programs, and compare."""
        theirs, ours = self.train(case)
        differing = differences(case, theirs, ours)
        if not differing:
            return Found(EQUAL, "")
        details = f"{', '.join(differing)}; C: {theirs.code}; ours: {ours.code} {ours.said!r}"
        return Found(name_difference(case, theirs, ours), details)

    def train(self, case: Case) -> tuple[Ended, Ended]:
        """Train a case with the C program and with ours."""
        for folder in (self._theirs, self._ours):
            for path in folder.iterdir():
                path.unlink()
            for name, content in case.files.items():
                (folder / name).write_bytes(content)
        return self._train_theirs(case), self._train_ours(case)

    def _train_theirs(self, case: Case) -> Ended:
        command = [str(self._reference), *case.c_arguments]
        try:
            done = subprocess.run(
                command, cwd=self._theirs, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return Ended(None, b"", "", {})
        return Ended(done.returncode, done.stdout, "", outputs(self._theirs))

    def _train_ours(self, case: Case) -> Ended:
        program = "word2vec" if case.way == "word2vec" else "fastw2v"
        done = self._forks.run(program, case.our_arguments)
        said = done.stderr.decode("utf-8", "replace").strip()
        return Ended(done.code, done.stdout, said, outputs(self._ours))


def outputs(folder: Path) -> dict[str, bytes]:
    """The content of the files that were written."""
    return {name: (folder / name).read_bytes() for name in OUTPUTS if (folder / name).exists()}


def differences(case: Case, theirs: Ended, ours: Ended) -> list[str]:
    """In what the programs differ."""
    found = [] if theirs.code == ours.code == 0 else ["exit code"]
    found += [name for name in OUTPUTS if theirs.files.get(name) != ours.files.get(name)]
    if case.way == "word2vec" and theirs.printed != ours.printed:
        found.append("what is printed")
    return found


def keep(folder: Path, case: Case, details: str) -> None:
    """Write the files of a find, and how to repeat it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    lines = (details, shlex.join(["c", *case.c_arguments]), shlex.join(case.our_arguments))
    (folder / "find.txt").write_text("\n".join(lines) + "\n")


def run_cases(
    reference: Path, seed: int, numbers: range, finds: Path, verbose: bool = False
) -> Counter:
    """Run cases. Returns how many ended in what way; finds are counted as None.

    finds: a folder for their files. verbose: tell of known differences, too.
    """
    tally: Counter = Counter()
    with tempfile.TemporaryDirectory() as folder, Campaign(reference, Path(folder)) as campaign:
        for number in numbers:
            case = make_case(seed, number)
            found = campaign.run(case)
            tally[found.name] += 1
            if found.name is None:
                shutil.rmtree(finds / f"{seed}-{number}", ignore_errors=True)
                keep(finds / f"{seed}-{number}", case, found.details)
            if found.name is None or (verbose and found.name != EQUAL):
                kind = found.name or "find"
                print(f"case {number}: {kind}: {found.details}", file=sys.stderr, flush=True)
    return tally


def main() -> None:
    from peers import PeerError, build  # as `exact_cases` makes possible

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=Path("differential-finds"), help="folder for finds"
    )
    parser.add_argument("--verbose", action="store_true", help="tell of known differences, too")
    options = parser.parse_args()
    try:
        reference = build("c-strict")
    except PeerError as error:
        sys.exit(f"{error}")
    numbers = range(options.first, options.first + options.cases)
    tally = run_cases(reference, options.seed, numbers, options.keep, options.verbose)
    finds = tally.pop(None, 0)
    for name, count in tally.most_common():
        print(f"{count:6,}  {name}")
    print(f"{finds:6,}  finds")
    sys.exit(1 if finds else 0)


if __name__ == "__main__":
    main()
