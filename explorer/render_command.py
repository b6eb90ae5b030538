"""The command ``render``: draws views of a recorded run as a picture, also where there is no display."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from explorer.core.texts import _
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.export.files import ExportError, ExportUsageError
from explorer.gui.figures.figure import FIGURE_POINTS, FIGURE_THEMES, MOST_VECTOR_POINTS, Figure

if TYPE_CHECKING:
    from pathlib import Path


def add_look_options(render: argparse.ArgumentParser) -> None:
    """Add the options that say how a picture looks, apart from its size."""
    usual = Figure()
    render.add_argument(
        "--points",
        choices=FIGURE_POINTS,
        default=usual.points,
        help=_("points in SVG and PDF: vectors, an image, or vectors for up to {count:,} (auto)").format(
            count=MOST_VECTOR_POINTS
        ),
    )
    render.add_argument(
        "--theme", choices=FIGURE_THEMES, default=usual.theme, help=_("light or dark; light by default")
    )
    render.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="VIEW.OPTION=VALUE",
        help=_("display option of a view, such as features.regions=false (repeatable)"),
    )
    render.add_argument("--transparent", action="store_true", help=_("no background; PNG only"))
    render.add_argument(
        "--no-caption", action="store_true", help=_("no line with loss, settings and accuracy")
    )


def render(options: argparse.Namespace) -> int:
    """Draw as the options say, print the path of the picture, and return the exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the same picture with and without a display
    from explorer.gui.start import StartError, check_machine

    out: Path = options.out
    if options.format is None:
        options.format = out.suffix.lower().removeprefix(".")
    elif out.suffix.lower() != f".{options.format}":
        out = out.with_name(f"{out.name}.{options.format}")
    try:
        check_machine()
        from explorer.gui.figures.rendering import render as draw

        width, height = options.size
        figure = Figure(
            views=tuple(dict.fromkeys(options.view)),
            width=width,
            height=height,
            scale=options.scale,
            points=options.points,
            theme=options.theme,
            transparent=options.transparent,
            caption=not options.no_caption,
        )
        damage = draw(options.file, figure, options.at, out, force=options.force, options=options.set)
    except ExportUsageError as error:
        return complain(str(error), USAGE)
    except (ExportError, StartError) as error:
        return complain(str(error), FAILED)
    if damage is not None:
        complain(str(damage), DONE)
    print(_("Written: {file}").format(file=out))
    return DONE
