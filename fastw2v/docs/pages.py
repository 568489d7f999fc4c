"""Generate the parts of the pages that follow from the code: ``python -m fastw2v.docs.pages``.

``commands.md`` is generated from the commands; in the other pages the text between
``<!-- generated: NAME -->`` and ``<!-- end -->`` is.
"""

import inspect
import re
from pathlib import Path

import click

from fastw2v.cli import COMMANDS, cli
from fastw2v.commands.help_text import grouped
from fastw2v.docs.examples import EXAMPLES
from fastw2v.settings import PARAMETERS, default_of

FOLDER = Path(__file__).parent
_GENERATED = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def command_of(name: str) -> click.Command:
    """The command called ``name``."""
    return cli.get_command(click.Context(cli), name)


def commands_page() -> str:
    """The text of ``commands.md``."""
    parts = [
        "# All commands",
        "Generated from the commands by `python -m fastw2v.docs.pages`; `fastw2v COMMAND --help` "
        "prints the same text. Results go to standard output, everything else to standard error; "
        "the exit code is 0 only if the command succeeded.",
        *(_section(name) for name in COMMANDS),
    ]
    return "\n\n".join(parts) + "\n"


def _section(name: str) -> str:
    command = command_of(name)
    context = click.Context(command, info_name=f"fastw2v {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    examples = "\n".join(EXAMPLES[name])
    groups = grouped(name, options_of(command))
    options = "\n\n".join(
        (f"{heading}:\n\n" if len(groups) > 1 else "")
        + _table(["option", "default", "meaning"], [_row(each, context) for each in group])
        for heading, group in groups
    )
    return (
        f"## {name}\n\n{_about(command)}\n\n"
        f"```\nfastw2v {name} {usage}\n```\n\n{options}\n\n```\n{examples}\n```"
    )


def options_of(command: click.Command) -> list[click.Option]:
    """The options of a command, without ``--help``."""
    return [each for each in command.params if isinstance(each, click.Option)]


def _row(option: click.Option, context: click.Context) -> list[str]:
    names = ", ".join(f"`{name}`" for name in option.opts)
    if not option.is_flag:
        kind = option.make_metavar(context).replace("|", "\\|")
        names += f" `{kind}`"
    default = option.default
    shown = default if option.show_default and default is not None else ""
    meaning = (option.help or "").replace("|", "\\|")
    return [names, f"`{shown}`" if shown != "" else "", meaning]


def _about(command: click.Command) -> str:
    """The command's help without its example; preformatted paragraphs become blocks."""
    parts = []
    for paragraph in re.split(r"\n[ ]*\n", inspect.cleandoc(command.help)):
        if paragraph.startswith("\b\nExample:"):
            break
        fixed = paragraph.startswith("\b\n")
        parts.append(f"```\n{paragraph[2:]}\n```" if fixed else " ".join(paragraph.split()))
    return "\n\n".join(parts)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def settings_table(program: str) -> str:
    """Table of hyper-parameters with another program's names: "c", "gensim" or "fasttext"."""
    rows = []
    for name, parameter in PARAMETERS.items():
        theirs = parameter.elsewhere.get(program)
        if theirs:
            default = default_of(name)
            shown = "" if default is None else f"`{default}`"
            option = f"`--{name.replace('_', '-')}`"
            rows.append([f"`{theirs}`", option, f"`{name}`", shown, parameter.meaning])
    return _table(["original name", "option", "in Python", "default", "meaning"], rows)


GENERATED = {
    "c-flags": lambda: settings_table("c"),
    "gensim-settings": lambda: settings_table("gensim"),
}


def regenerated(page: str) -> str:
    """``page`` with its generated parts replaced."""
    return _GENERATED.sub(lambda match: f"{match[1]}{GENERATED[match[2]]()}\n{match[3]}", page)


def pages() -> dict[Path, str]:
    """All pages with their up-to-date text."""
    texts = {FOLDER / "commands.md": commands_page()}
    for path in sorted(FOLDER.glob("*.md")):
        if path not in texts:
            texts[path] = regenerated(path.read_text(encoding="utf-8"))
    return texts


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
