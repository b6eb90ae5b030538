"""Editors: the input part of a parameter's row, one for each kind of value."""

from __future__ import annotations

from explorer.core.params import Param
from explorer.gui.controls.editors.choices import ChoiceEditor, SwitchEditor
from explorer.gui.controls.editors.classes import ClassesEditor
from explorer.gui.controls.editors.editor import Editor
from explorer.gui.controls.editors.line import TextEditor
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.controls.editors.offered import OfferedEditor


def editor_for(param: Param, data: bool = False) -> Editor:
    """Return the editor that suits the parameter's kind; ``data`` gives text a menu of data sets."""
    if param.kind == "text":
        return TextEditor(param, data)
    if param.offered:
        return OfferedEditor(param)
    others = {"bool": SwitchEditor, "choice": ChoiceEditor, "classes": ClassesEditor}
    return others.get(param.kind, NumberEditor)(param)
