"""The command ``render``: draws views of a recorded run as a picture, also where there is no display."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from explorer.core.texts import _
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.export.files import ExportError, ExportUsageError

if TYPE_CHECKING:
    from pathlib import Path


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
        from explorer.gui.figures.figure import Figure
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
        damage = draw(options.file, figure, options.at, out, force=options.force)
    except ExportUsageError as error:
        return complain(str(error), USAGE)
    except (ExportError, StartError) as error:
        return complain(str(error), FAILED)
    if damage is not None:
        complain(str(damage), DONE)
    print(_("Written: {file}").format(file=out))
    return DONE
