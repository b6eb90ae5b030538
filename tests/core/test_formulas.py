"""Every formula of the catalogue can be drawn, at a size that fits a panel."""

from __future__ import annotations

import warnings

import pytest

from explorer.core.catalog import LOSSES

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # ziamath finds its font in a way Python has deprecated
    import ziamath


@pytest.mark.parametrize("name", LOSSES)
def test_formula_is_drawn_in_one_line(name: str) -> None:
    # A bracket that grows around a sum comes out two thousand units high.
    width, height = ziamath.Latex(LOSSES[name].formula).getsize()
    assert 20 < height < 140
    assert 50 < width < 1100
