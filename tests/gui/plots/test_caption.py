"""What a caption leaves out where it has too little room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetricsF

from explorer.gui.plots.caption import _shortened


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("fitting", "expected"),
    [
        ("200 test  ·  unit length  ·  regions of two  step 9", ("200 test  ·  unit length", "step 9")),
        ("200 test  step 9 and more", ("200 test", "step 9")),
        ("200 test", ("200 test", "")),
        ("step 9", ("", "step 9")),
    ],
)
def test_whole_parts_are_left_out_from_the_end(fitting, expected):
    metrics = QFontMetricsF(QFont())
    room = metrics.horizontalAdvance(fitting)
    text = "200 test  ·  unit length  ·  regions of two classes only"
    assert _shortened(text, "step 9", room, metrics) == expected
