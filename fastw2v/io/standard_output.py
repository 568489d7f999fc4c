"""Writing results to standard output."""

import click


def write(text: str) -> None:
    """Write to standard output as UTF-8, whatever the terminal's encoding.

    Surrogate escapes, which represent bytes that are not UTF-8, are written as these bytes.
    """
    click.echo(text.encode("utf-8", "surrogateescape"), nl=False)
