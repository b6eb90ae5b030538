"""What a person does at a step of a guide, done by the test through what a person uses."""

from __future__ import annotations

import numpy as np

from explorer.gui.app import App
from explorer.gui.guides.condition import Condition
from explorer.gui.views.draw.view import DrawView


def act_on(app: App, condition: Condition) -> None:
    """Do what a condition waits for; what depends on training comes by itself, once that goes on."""
    match condition.subject:
        case "setting":
            (value,) = condition.comparisons
            app.window.side_panel.paramRequested.emit(condition.setting, value)
            if condition.setting == "loss.name":
                app.window.side_panel.lossRequested.emit(value)
        case "option":
            view_id, _dot, name = condition.option.rpartition(".")
            view = app.pane.views[view_id]
            (value,) = condition.comparisons
            view.optionsRequested.emit(type(view.options)(**{**_values(view.options), name: value}))
        case "seen":
            app.guides.session.stage.show_target(condition.seen)
        case "selected":
            app.features.selectionRequested.emit(np.arange(condition.selected), "replace")
        case "drawn":
            app.pane.view(DrawView).load_test_image()  # does nothing until the images are read
        case "running":
            if (app.run.phase == "running") != condition.running:
                app.actions.action("run.toggle").trigger()


def _values(options: object) -> dict[str, object]:
    return {name: getattr(options, name) for name in options.__struct_fields__}
