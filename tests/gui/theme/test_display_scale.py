"""A scale of the screen that makes no sense is ignored: with it no window could be read, or shown."""

import pytest

from explorer.gui.theme.application import drop_senseless_scales

NAMES = "QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["nan", "0", "-1", "1e9", "inf", "two", "eDP-1=nan;1"])
def test_a_senseless_scale_is_removed(name, value):
    environment = {name: value, "HOME": "/"}
    drop_senseless_scales(environment)
    assert environment == {"HOME": "/"}


def test_other_scales_are_kept():
    environment = dict(zip(NAMES, ("1.25", "eDP-1=2;HDMI-1=1.5;", "144"), strict=True))
    kept = dict(environment)
    drop_senseless_scales(environment)
    assert environment == kept
