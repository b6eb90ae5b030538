"""Large controls: each is as large as a finger needs it, and as small as before without them."""

import itertools

from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.controls.fields import NumberField
from explorer.gui.controls.inputs import ChoiceBox, Slider, Switch
from explorer.gui.controls.labels import set_role
from explorer.gui.plots.keys.legend import Legend, Swatch
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.style_sheet import FINGER
from explorer.gui.timeline.strip import TimelineStrip

ROLES = {QPushButton: ("primary", "attention"), QToolButton: ("small", "class", "menu", "header")}
KINDS = (
    QPushButton,
    QToolButton,
    QCheckBox,
    QLineEdit,
    NumberField,
    ChoiceBox,
    Slider,
    Switch,
    TimelineStrip,
)


def test_no_control_is_smaller_than_a_finger_and_they_shrink_again(qtbot, themed):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    buttons = [kind() for kind, roles in ROLES.items() for _role in roles]
    for button, role in zip(buttons, itertools.chain(*ROLES.values()), strict=True):
        set_role(button, "role", role)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    controls = [*(kind() for kind in KINDS), *buttons, Swatch(3, Legend())]
    for control in controls:
        column.addWidget(control)
    page.show()
    appearance = Appearance(themed, "light", page)
    appearance.themeChanged.connect(lambda theme: controls[-1].set_look(theme, shown=True, colored=True))

    def sizes():
        page.layout().activate()
        return [(control.width(), control.height()) for control in controls]

    appearance.apply()
    small = sizes()
    appearance.choose_large_controls(True)
    assert [size for size in sizes() if min(size) < FINGER] == []
    assert max(height for _width, height in small) < FINGER
    appearance.choose_large_controls(False)
    assert sizes() == small
