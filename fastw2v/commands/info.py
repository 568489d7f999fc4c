"""``fastw2v info``: describe a file of word vectors."""

from typing import Any

import click

from fastw2v.commands.options import json_option, limit_option
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import one_line
from fastw2v.standard_streams import write

_FORMATS = {
    "binary": "word2vec binary",
    "text": "word2vec text",
    "glove": "GloVe text, without header",
    "npy": "NumPy matrix",
    "projector": "TensorBoard projector",
    "checkpoint": "checkpoint",
    "fasttext": "fastText model",
}
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


@click.command(name="info")
@click.argument("file", type=InputFile(dash=True), required=False)
@click.option("--devices", is_flag=True, help="List the GPUs that train --device cuda can use.")
@limit_option
@json_option
def command(file, devices, limit, as_json):
    """Describe FILE, or - for standard input: word vectors, a vocabulary, or a checkpoint.

    Reports the format, sizes, first words and norms of the vectors, and anything unusual: zero
    vectors, vectors with NaN, repeated words, words with spaces or invalid UTF-8, damage. For any
    other kind of file prints what it is and exits with code 1.

    \b
    Example:
      fastw2v info vectors.bin
      fastw2v info vectors.txt.gz --json
      fastw2v info --devices
    """
    if devices == (file is not None):
        raise click.UsageError("give either a file or --devices")
    if devices:
        _list_devices(as_json)
        return
    from fastw2v.vectors.inspection import inspect

    found = inspect(file, limit).as_dict()
    if as_json:
        write_json(found)
        return
    lines = _vector_lines(found) if found["kind"] == "vectors" else _vocabulary_lines(found)
    width = max(len(name) for name, _ in lines)
    write("".join([f"{name:{width}}  {value}\n" for name, value in lines]))


def _list_devices(as_json: bool) -> None:
    from fastw2v.gpu.cuda_device import describe_devices

    found = describe_devices()
    if as_json:
        write_json([each._asdict() for each in found])
        return
    for each in found:
        write(
            f"cuda {each.number}  {each.name}, compute capability {each.compute_capability}, "
            f"{each.multiprocessors} multiprocessors, {_size(each.memory_bytes)}, "
            f"{_size(each.free_bytes)} of it free\n"
        )


def _vector_lines(found: dict) -> list[tuple[str, str]]:
    norms = [f"{name} {found[f'{name}_norm']:.6g}" for name in ("min", "median", "mean", "max")
               if found[f"{name}_norm"] is not None]  # fmt: skip
    lines = [
        ("file", found["path"]),
        ("format", _format(found)),
        ("header", _header(found["header"])),
        ("words file", found["words_file"]),
        ("training", _training(found["training"])),
        *_header_of(found["training"]),
        ("size", _size(found["file_bytes"])),
        ("in memory", _size(found["memory_bytes"])),
        ("words", f"{found['words']:,}"),
        ("dimensions", f"{found['dimensions']:,}"),
        ("first words", _words(found["first_words"])),
        ("norms", ", ".join(norms)),
        ("zero vectors", f"{found['zero_vectors']:,}"),
        ("vectors with NaN or infinity", f"{found['non_finite_vectors']:,}"),
        ("repeated words", f"{found['repeated_words']:,}"),
        ("words with invalid UTF-8", f"{found['not_utf8_words']:,}"),
        ("words with spaces, or empty", f"{found['spaced_words']:,}"),
        *(("error", fault) for fault in found["faults"]),
    ]
    return [(name, value) for name, value in lines if value]


def _vocabulary_lines(found: dict) -> list[tuple[str, str]]:
    lines = [
        ("file", found["path"]),
        ("format", "vocabulary: words and counts"),
        ("size", _size(found["file_bytes"])),
        ("words", f"{found['words']:,}, including the sentence end </s>"),
        ("tokens", f"{found['tokens']:,}"),
        ("counts", f"{found['least_count']:,} to {found['largest_count']:,}"),
        ("first words", _words(found["first_words"])),
    ]
    return [(name, value) for name, value in lines if value]


def _format(found: dict) -> str:
    parts = [_FORMATS[found["format"]]]
    if found["newline_after_vector"] is not None:
        parts.append(f"{'a' if found['newline_after_vector'] else 'no'} newline after each vector")
    if found["compression"] is not None:
        parts.append(f"compressed with {found['compression']}")
    return ", ".join(parts)


def _header(header: tuple[int, int] | None) -> str | None:
    return None if header is None else f"{header[0]:,} words, {header[1]:,} dimensions"


def _training(training: dict | None) -> str | None:
    if training is None:
        return None
    whole = f"{training['epochs']} of {training['epochs_wanted']} epochs done"
    how, ranks = "fastw2v train --resume FILE", ""
    if training["ranks"] > 1:
        how, ranks = (
            f"mpirun -n {training['ranks']} {how} --ranks",
            f" on {training['ranks']} ranks",
        )
    end = "finished" if training["finished"] else f"resume with: {how}"
    return f"{training['model']}, {whole} after {training['seconds']:,.0f} seconds{ranks}, {end}"


def _header_of(training: dict | None) -> list[tuple[str, str]]:
    """What a checkpoint says: it may come from somebody else, so nothing of it is left out."""
    if training is None:
        return []
    settings = {**training["settings"], "format": training["options"].get("format")}
    set_to = [f"{name} {value}" for name, value in settings.items() if value is not None]
    options = [each for each in training["options"].items() if each[0] != "format"]
    lines = [("settings", ", ".join(set_to))]
    return lines + [(name.replace("_", " "), _option(value)) for name, value in options]


def _option(value: Any) -> str:
    """The value of an option on one line; "" if it is not used."""
    if isinstance(value, list):
        return ", ".join([one_line(str(each)) for each in value])
    return one_line(str(value)) if value else ""


def _size(count: int | None) -> str | None:
    if count is None:
        return None
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name} ({count:,} bytes)"
    return f"{count:,} bytes"


def _words(words: list[str]) -> str:
    return " ".join([_shown(word) for word in words])


def _shown(word: str) -> str:
    """The word, escaped if it is not printable."""
    return word if word and word.isprintable() and " " not in word else ascii(word)
