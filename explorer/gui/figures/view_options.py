"""Display options of the views of a figure, as the command line has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from explorer.export.files import ExportUsageError
from explorer.gui.figures.stage import FigureStage
from explorer.gui.views.view import View


def set_view_options(stage: FigureStage, entries: Sequence[str]) -> None:
    """Give the views of a figure display options, each as ``view.option=value``.

    Raises
    ------
    ExportUsageError
        If there is no such view in the figure, no such option, or it cannot have this value.
    """
    shown = {view_id: stage.pane.views[view_id] for view_id in stage.figure.views}
    for entry in entries:
        view_id, options = _changed(entry, shown)
        stage.pane.set_options(view_id, options)
    if entries:
        stage.settle()


def _changed(entry: str, views: Mapping[str, View[Any]]) -> tuple[str, Struct]:
    """Return the id of a view and its options with one changed."""
    name, _equals, value = entry.partition("=")
    view_id, _dot, option = name.strip().partition(".")
    if view_id not in views:
        raise ExportUsageError(
            "--set {entry}: the figure has no view {name}. It has: {names}.",
            entry=entry,
            name=view_id,
            names=", ".join(views),
        )
    options: Struct = views[view_id].options
    if option not in options.__struct_fields__:
        raise ExportUsageError(
            "--set {entry}: {view} has no option {name}. It has: {names}.",
            entry=entry,
            view=view_id,
            name=option,
            names=", ".join(options.__struct_fields__),
        )
    table = {**msgspec.to_builtins(options), option: value.strip()}
    try:
        return view_id, msgspec.convert(table, type(options), strict=False)
    except msgspec.ValidationError:
        raise ExportUsageError(
            "--set {entry}: {name} cannot have this value.", entry=entry, name=option
        ) from None
