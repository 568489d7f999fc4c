"""``fastw2v c-tools``: the C programs' names in a folder of the user's."""

import shlex
from pathlib import Path

import click

from fastw2v.io.standard_output import write


@click.command(name="c-tools")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace programs there that are not ours, too.")
def command(folder, force):
    """Write word2vec, word2phrase, distance, word-analogy and compute-accuracy into FOLDER.

    They take the flags of the C programs and print what these print, so that scripts written for
    them go on working; the work is done by fastw2v, in the Python that runs this command. FOLDER
    is made where it is missing. Prints the line that puts it on the PATH of a shell.

    \b
    Example:
      fastw2v c-tools ~/c-tools
      eval "$(fastw2v c-tools ~/c-tools)"
      word2vec -train text.txt -output vectors.bin -binary 1
    """
    from fastw2v.c_tools.install import write_scripts

    paths = write_scripts(folder.absolute(), force)
    names = ", ".join(path.name for path in paths)
    click.echo(f"{folder}: wrote {names}; to put them on your PATH:", err=True)
    write(f'export PATH={shlex.quote(str(paths[0].parent))}:"$PATH"\n')
