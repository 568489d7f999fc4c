"""``fastw2v c-tools``: install replacements for the C programs into a folder."""

import shlex
from pathlib import Path

import click

from fastw2v.standard_streams import tell, write


@click.command(name="c-tools")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite files that fastw2v did not write.")
def command(folder, force):
    """Install word2vec, word2phrase, distance, word-analogy and compute-accuracy into FOLDER.

    They accept the flags of the C programs and print the same output, so that existing scripts
    keep working, but run fastw2v with the Python that runs this command. FOLDER is created if
    missing. Prints the shell command that adds it to PATH.

    \b
    Example:
      fastw2v c-tools ~/c-tools
      eval "$(fastw2v c-tools ~/c-tools)"
      word2vec -train text.txt -output vectors.bin -binary 1
    """
    from fastw2v.c_tools.install import write_scripts

    paths = write_scripts(folder.absolute(), force)
    names = ", ".join(path.name for path in paths)
    tell(f"{folder}: wrote {names}; to add them to your PATH:")
    write(f'export PATH={shlex.quote(str(paths[0].parent))}:"$PATH"\n')
