"""What tests of views share."""

from __future__ import annotations

import pytest

from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def view(qtbot):
    """The features, shown; tests of another view have one of this name of their own."""
    result = FeaturesView(LIGHT)
    qtbot.addWidget(result)
    result.resize(600, 500)
    result.show()
    return result
