"""A formula that cannot be drawn would leave a loss without its explanation, or stop the window."""

import warnings

import pytest

from explorer.core.losses.catalog import LOSSES

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ziamath finds its font by a deprecated call
    import ziamath


@pytest.mark.parametrize("name", LOSSES)
def test_formula_can_be_drawn(name, monkeypatch):
    monkeypatch.setattr(ziamath.config, "svg2", False)
    svg = ziamath.Latex(LOSSES[name].formula).svg()
    assert svg.startswith("<svg")
    assert svg.count("<path") > 10
    # A bracket that grows around a sum comes out two thousand units high.
    width, height = ziamath.Latex(LOSSES[name].formula).getsize()
    assert 20 < height < 140
    assert 50 < width < 1350
