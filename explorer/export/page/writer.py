"""The page as one HTML file: scripts, style, description and arrays in it, and nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from pathlib import Path
from string import Template

import msgspec

from explorer.core.data.resources import resource
from explorer.export.files import ExportError, new_files
from explorer.export.page.content import Page, page_of
from explorer.export.request import Request

_SCRIPTS = (
    "words.js",
    "arrays.js",
    "run.js",
    "regions.js",
    "colours.js",
    "camera.js",
    "painter.js",
    "plot.js",
    "card.js",
    "curves.js",
    "timeline.js",
    "legend.js",
    "details.js",
    "main.js",
)
"""The modules of the page, each after those that it imports."""
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class)\b)", re.MULTILINE)


def write_page(request: Request) -> list[Path]:
    """Write a run as a page that plays it, up to the step that is asked for; raises as `page_of`."""
    page = page_of(request)
    with new_files([request.out], force=request.force) as (target,):
        target.write_text(html_of(page), "utf-8")
    return [request.out]


def html_of(page: Page) -> str:
    """Return the file.

    Its policy allows the one script and the one style by their hashes, and no connection at all: text of a
    person, such as the name of the run, cannot act even if it were taken for markup.

    Raises
    ------
    ExportError, ResourceError
        If a part of the page is not in the installation, or cannot be read.
    """
    style, script = _part("page.css"), bundled([_part(name) for name in _SCRIPTS])
    english = page.data.words["en"]
    return Template(_part("page.html")).substitute(
        script_hash=_digest(script),
        style_hash=_digest(style),
        title=escape(str(english["title"])),
        style=style,
        script=script,
        data=in_script(msgspec.json.encode(page.data).decode("utf-8")),
        arrays=page.arrays,
        sprite=page.sprite,
        settings=in_script(page.settings),
    )


def bundled(modules: list[str]) -> str:
    """Return modules as one: pages from a disk may not import files, so all share one scope.

    Imports go, as does ``export`` before a declaration; names are unique among the modules.
    """
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in modules)


def in_script(text: str) -> str:
    r"""Return JSON or TOML as it may stand in a script element: with ``\u003c`` for each ``<``.

    Both have ``<`` in strings only, where the escape means the same, so nothing in them ends the element.
    """
    return text.replace("<", "\\u003c")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _part(name: str) -> str:
    path = resource("page", name)
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ExportError("Cannot read {file}: {error}.", file=path, error=error) from None
