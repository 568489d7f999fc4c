"""Coverage-guided fuzzing of every reader: ``python -m tests.fuzz.guided --minutes 10``.

As `fuzzing.py`, but what to damage next is chosen by atheris, which sees the branches that a file
takes in the Python code of the readers. Needs: pip install 'fastw2v[fuzz]'. The time is shared by
the readers. Finds are kept in a folder with a description; what atheris learnt is kept with
``--corpus FOLDER`` and used by the next run.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from tests.support.paths import ROOT

_MISSING = "atheris is missing, the fuzzer; to install it: pip install 'fastw2v[fuzz]'"
# Modules and packages that are observed. Compiled code cannot be: Numba compiles only what atheris
# leaves unchanged.
_OBSERVED = (
    "fastw2v.formats",
    "fastw2v.io",
    "fastw2v.evaluation.association",
    "fastw2v.evaluation.pairs",
    "fastw2v.evaluation.questions",
    "fastw2v.evaluation.text",
    "fastw2v.vectors.inspection",
    "fastw2v.corpus.blocks",
    "fastw2v.corpus.sources",
    "fastw2v.corpus.streams",
    "fastw2v.corpus.text_check",
    "fastw2v.corpus.vocabulary",
)
_LENGTH_BYTES = 4  # before the first of two files
_KEPT_PER_KIND = 3
_MAX_BYTES = 1 << 16
_TIMEOUT = 20  # seconds for one input
_MEMORY_MIB = 2048
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*([0-9]+)")
_COVERED = re.compile(r"cov: ([0-9]+)")


def to_input(files: dict[str, bytes]) -> bytes:
    """The bytes that atheris changes: the files of a case, one or two."""
    first, *others = files.values()
    if not others:
        return first
    return len(first).to_bytes(_LENGTH_BYTES, "little") + first + b"".join(others)


def to_files(data: bytes, names: list[str]) -> dict[str, bytes]:
    """The inverse of `to_input` for any bytes. names: of the files."""
    if len(names) == 1:
        return {names[0]: data}
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    rest = data[_LENGTH_BYTES:]
    return {names[0]: rest[:length], names[1]: rest[length:]}


def try_input(reader, names: list[str], data: bytes, folder: Path) -> tuple[str, str]:
    """The `verdict` of ``reader`` on an input, with options that its bytes choose."""
    from tests.fuzz.fuzzing import verdict, write_case

    path = write_case(folder, to_files(data, names))
    return verdict(reader, path, str(zlib.crc32(data) % 16))


def sound_inputs(reader) -> dict[tuple[str, ...], list[bytes]]:
    """Valid inputs, by the names of their files."""
    found: dict[tuple[str, ...], list[bytes]] = {}
    for files in reader.sound():
        found.setdefault(tuple(files), []).append(to_input(files))
    return found


# --- in the child: one reader --------------------------------------------------------------------


def work(name: str, seconds: int, seed: int, corpus: Path, keep: Path) -> None:
    """Fuzz one reader; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["fastw2v"], exclude=_not_observed()):
        from tests.fuzz.readers import READERS
    reader = READERS[name]
    named = sound_inputs(reader)
    names = list(max(named, key=lambda each: len(named[each])))
    for number, data in enumerate(named[tuple(names)]):
        (corpus / f"sound-{number}").write_bytes(data)
    finds: dict[str, int] = {}

    def one_input(data: bytes) -> None:
        outcome, details = try_input(reader, names, data, folder)
        if outcome in ("read", "refused"):
            return
        finds[outcome] = finds.get(outcome, 0) + 1
        if finds[outcome] <= _KEPT_PER_KIND:
            _keep(keep / f"{name}-{random.Random(data).getrandbits(32):08x}", names, data, details)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        reader.read(_first_case(folder, names, named), random.Random("warm up"))  # compiles
        options = [
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            f"-max_len={_MAX_BYTES}",
            f"-timeout={_TIMEOUT}",
            f"-rss_limit_mb={_MEMORY_MIB}",
            f"-artifact_prefix={keep / name}-",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, str(corpus)], one_input)
        atheris.Fuzz()


def _not_observed() -> list[str]:
    """All other modules of the package: atheris includes whole packages only."""
    paths = (ROOT / "fastw2v").rglob("*.py")
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    names = [name.removesuffix(".__init__") for name in names]
    return [
        name
        for name in names
        if not any(name == each or name.startswith(f"{each}.") for each in _OBSERVED)
    ]


def _first_case(folder: Path, names: list[str], named) -> Path:
    from tests.fuzz.fuzzing import write_case

    return write_case(folder, to_files(named[tuple(names)][0], names))


def _keep(folder: Path, names: list[str], data: bytes, details: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in to_files(data, names).items():
        (folder / name).write_bytes(content)
    (folder / "find.txt").write_text(details, errors="backslashreplace")
    print(f"find: {folder}: {details.splitlines()[-1:]}", file=sys.stderr, flush=True)


# --- in the parent --------------------------------------------------------------------------------


def _fuzz(name: str, seconds: int, options) -> str:
    """Run the child for one reader; return a row of the table."""
    corpus = options.corpus / name
    corpus.mkdir(parents=True, exist_ok=True)
    options.keep.mkdir(parents=True, exist_ok=True)
    before = set(options.keep.iterdir())
    arguments = [name, seconds, options.seed, corpus.absolute(), options.keep.absolute()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", "--child", *map(str, arguments)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )
    executed, covered = _EXECUTED.findall(done.stderr), _COVERED.findall(done.stderr)
    finds = sorted(path.name for path in set(options.keep.iterdir()) - before)
    if done.returncode and not finds:
        finds = [f"exit code {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"]
    return (
        f"{name:20} {int(executed[-1]) if executed else 0:10,} "
        f"{int(covered[-1]) if covered else 0:9,} {', '.join(finds) or '-'}"
    )


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        name, seconds, seed, corpus, keep = sys.argv[2:]
        work(name, int(seconds), int(seed), Path(corpus), Path(keep))
        return
    try:
        import atheris  # noqa: F401, used by the children
    except ImportError:
        sys.exit(_MISSING)
    from tests.fuzz.readers import READERS

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10, help="of all readers together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=list(READERS), action="append", help="only this one")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"), help="folder for finds")
    parser.add_argument("--corpus", type=Path, help="folder for inputs that reached new code")
    options = parser.parse_args()
    names = options.reader or list(READERS)
    seconds = max(1, round(60 * options.minutes / len(names)))
    with tempfile.TemporaryDirectory() as folder:
        options.corpus = options.corpus or Path(folder)
        print("reader                   inputs  branches finds", flush=True)
        for name in names:
            print(_fuzz(name, seconds, options), flush=True)
    if not any(options.keep.iterdir()):
        options.keep.rmdir()


if __name__ == "__main__":
    main()
