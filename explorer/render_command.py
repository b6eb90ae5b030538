"""The command ``render``: draws views of a recorded run as a picture or a film, also without a display."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.arguments import frames_per_second, positive, scale, size, step
from explorer.core.texts import _
from explorer.exit_codes import DONE, FAILED, USAGE, complain
from explorer.export.files import ExportError, ExportUsageError
from explorer.gui.figures.figure import (
    FIGURE_FORMATS,
    FIGURE_POINTS,
    FIGURE_THEMES,
    MOST_VECTOR_POINTS,
    Figure,
)
from explorer.gui.films.film import FILM_FORMATS, FILM_PACES, FILM_SIZE, Film

if TYPE_CHECKING:
    from explorer.core.texts import Text

_FIGURE_SCALE, _FILM_SCALE = Figure().scale, 1.0


def add_render_options(render: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    usual = Figure()
    render.add_argument("file", type=Path, metavar="F.lossrun", help=_("recording to read"))
    render.add_argument(
        "--view",
        nargs="+",
        action="extend",
        required=True,
        metavar="NAME",
        help=_("views to draw side by side, such as features, angles, curves"),
    )
    render.add_argument(
        "--format",
        choices=(*FIGURE_FORMATS, *FILM_FORMATS),
        help=_("format; without it that of the name after --out"),
    )
    render.add_argument("--at", type=step, metavar="STEP", help=_("step to draw; without it the last one"))
    render.add_argument(
        "--size",
        type=size,
        metavar="WxH",
        help=_(
            "width and height in logical pixels, of which 96 are an inch; {width}x{height} by default, "
            "{film_width}x{film_height} for a film"
        ).format(width=usual.width, height=usual.height, film_width=FILM_SIZE[0], film_height=FILM_SIZE[1]),
    )
    render.add_argument(
        "--scale",
        type=scale,
        metavar="K",
        help=_(
            "pixels of the image per logical pixel, {scale:g} by default, {film_scale:g} for a film"
        ).format(scale=_FIGURE_SCALE, film_scale=_FILM_SCALE),
    )
    _add_look_options(render)
    _add_film_options(render)
    render.add_argument("--out", type=Path, required=True, metavar="PATH", help=_("file to write"))
    render.add_argument("--force", action="store_true", help=_("overwrite what is there"))
    render.set_defaults(command="render")


def _add_look_options(render: argparse.ArgumentParser) -> None:
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


def _add_film_options(render: argparse.ArgumentParser) -> None:
    """Add the options that only a film has."""
    film = Film()
    render.add_argument(
        "--from",
        dest="first",
        type=step,
        metavar="STEP",
        help=_("step at which a film begins; without it the first one"),
    )
    render.add_argument(
        "--to", type=step, metavar="STEP", help=_("step at which a film ends; without it the last one")
    )
    render.add_argument(
        "--by",
        choices=FILM_PACES,
        default=film.pace,
        help=_("whether steps or seconds of training pass evenly in a film; steps by default"),
    )
    render.add_argument(
        "--fps",
        type=frames_per_second,
        default=film.fps,
        metavar="N",
        help=_("frames per second of a film, {fps} by default").format(fps=film.fps),
    )
    length = render.add_mutually_exclusive_group()
    length.add_argument(
        "--seconds",
        type=positive,
        default=film.seconds,
        metavar="S",
        help=_("how long a film is, {seconds:g} seconds by default").format(seconds=film.seconds),
    )
    length.add_argument(
        "--speed",
        type=positive,
        metavar="K",
        help=_("steps per second of a film, or with --by seconds how many times as fast as the training"),
    )
    render.add_argument(
        "--once", action="store_true", help=_("a GIF or WebP does not begin again at its end")
    )
    render.add_argument(
        "--smooth",
        action="store_true",
        help=_(
            "points of a film move between frames: the caption names both steps, and accuracy is that of the "
            "frame before"
        ),
    )


def render(options: argparse.Namespace) -> int:
    """Draw as the options say, print the path of what was written, and return the exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the same picture with and without a display
    from explorer.gui.starting.start import StartError, check_machine

    out: Path = options.out
    if options.format is None:
        options.format = out.suffix.lower().removeprefix(".")
    elif out.suffix.lower() != f".{options.format}":
        out = out.with_name(f"{out.name}.{options.format}")
    draw = _film if options.format in FILM_FORMATS else _figure
    try:
        check_machine()
        damage = draw(options, out)
    except ExportUsageError as error:
        return complain(str(error), USAGE)
    except (ExportError, StartError) as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return complain(_("stopped: nothing was written."), FAILED)
    if damage is not None:
        complain(str(damage), DONE)
    print(_("Written: {file}").format(file=out))
    return DONE


def _figure(options: argparse.Namespace, out: Path) -> Text | None:
    from explorer.gui.figures.rendering import render

    usual = Figure()
    figure = _shown(options, (usual.width, usual.height), _FIGURE_SCALE)
    return render(options.file, figure, options.at, out, force=options.force, options=options.set)


def _film(options: argparse.Namespace, out: Path) -> Text | None:
    from explorer.gui.films.encoder import FilmOrder
    from explorer.gui.films.rendering import render_film
    from explorer.terminal import shown_progress

    if options.at is not None:
        raise ExportUsageError("A film shows a stretch: use --from and --to in place of --at.")
    film = Film(
        first=options.first,
        last=options.to,
        pace=options.by,
        seconds=options.seconds,
        fps=options.fps,
        loop=not options.once,
        smooth=options.smooth,
    )
    order = FilmOrder(_shown(options, FILM_SIZE, _FILM_SCALE), film, out, options.force)
    with shown_progress(_("Making the film")) as progress:
        return render_film(options.file, order, options.speed, options.set, progress)


def _shown(options: argparse.Namespace, usual_size: tuple[int, int], usual_scale: float) -> Figure:
    width, height = options.size or usual_size
    return Figure(
        views=tuple(dict.fromkeys(options.view)),
        width=width,
        height=height,
        scale=options.scale or usual_scale,
        points=options.points,
        theme=options.theme,
        transparent=options.transparent and options.format in FIGURE_FORMATS,
        caption=not options.no_caption,
    )
