"""The command ``export``: writes the data of a recorded run, or the run as code, for other programs."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from typing import TYPE_CHECKING

from explorer.core.recording.reader import Recording
from explorer.core.texts import _
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.export.files import ExportError, ExportUsageError
from explorer.export.formats import ALL, FORMATS, LEAST, ExportFormat
from explorer.terminal import shown_progress

if TYPE_CHECKING:
    from explorer.core.texts import Text


def export(options: argparse.Namespace) -> int:
    """Export as the options say, print the paths of what was written, and return the exit code."""
    from explorer.export.request import MOST_FRAMES, MOST_POINTS, Request

    chosen = next(one for one in FORMATS if one.name == options.format)
    misuse = _misuse(chosen, options)
    if misuse:
        return complain(misuse, USAGE)
    at = None if options.at in (None, ALL) else int(options.at)
    notices: list[Text] = []
    try:
        with Recording(options.file) as recording:
            if recording.damage is not None:
                notices.append(recording.damage)
            every = options.at == ALL or chosen.frames == "all"
            with shown_progress(_("Exporting")) as progress:
                request = Request(
                    recording,
                    options.out,
                    at,
                    every,
                    options.force,
                    notices,
                    progress,
                    most_frames=options.frames or MOST_FRAMES,
                    most_points=options.points or MOST_POINTS,
                )
                written = chosen.write(request)
    except ExportUsageError as error:
        return complain(str(error), USAGE)
    except ExportError as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return complain(_("stopped: nothing was written."), FAILED)
    for notice in notices:
        complain(str(notice), DONE)
    for path in written:
        print(_("Written: {file}").format(file=path))
    return DONE


def _misuse(chosen: ExportFormat, options: argparse.Namespace) -> str:
    """Return in a sentence what the format cannot do of what the options ask for, empty where it can all."""
    name = chosen.name
    if options.at == ALL and chosen.frames == "one":
        return _("--format {format} takes one step: give its number after --at.").format(format=name)
    if options.at not in (None, ALL) and chosen.frames == "all":
        return _("--format {format} always takes all steps: leave out --at.").format(format=name)
    limits = [limit for limit in (options.frames, options.points) if limit is not None]
    if limits and not chosen.some:
        return _("--format {format} takes neither --frames nor --points.").format(format=name)
    if limits and min(limits) < LEAST:
        return _("--frames and --points take at least {least}.").format(least=LEAST)
    if chosen.needs and find_spec(chosen.needs) is None:
        sentence = _("--format {format} writes {summary}. It needs a package: pip install {package}")
        return sentence.format(format=name, summary=_(chosen.summary), package=chosen.needs)
    return ""
