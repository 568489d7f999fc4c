"""Parts of a page -> one file, which may run its own script and load nothing."""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple


class PageParts(NamedTuple):
    """The files of a page, in the package that writes it.

    package: its dotted name.
    body: HTML with ``$title`` and ``$caption``.
    style: CSS that follows the one that all pages share.
    scripts: JavaScript, concatenated after the one that all pages share.
    """

    package: str
    body: str
    style: str
    scripts: Sequence[str]


def assemble(parts: PageParts, title: str, caption: str, data: dict[str, Any]) -> str:
    """The whole page. Texts, and the words in ``data``, are never interpreted as HTML."""
    style = _text(__package__, "base.css") + _text(parts.package, parts.style)
    scripts = [_text(parts.package, name) for name in parts.scripts]
    script = "".join([_text(__package__, "dom.js"), *scripts])
    shown = {"title": escape(title), "caption": escape(caption)}
    return Template(_text(__package__, "frame.html")).substitute(
        policy=escape(_policy(style, script)),
        title=shown["title"],
        body=Template(_text(parts.package, parts.body)).substitute(shown),
        style=style,
        script=script,
        data=_json(data),
    )


def _json(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element or start a comment in HTML."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # These occur only within JSON strings, where an escape is equivalent.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # Bytes that are not UTF-8 are lone surrogates here, and become JSON escapes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _policy(style: str, script: str) -> str:
    """The content security policy: this script and this style, nothing else."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _text(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")
