"""The table of labs: the window, its menu and the tests iterate over it."""

from __future__ import annotations

from typing import Any

from explorer.gui.labs.centre.lab import CENTRE
from explorer.gui.labs.cost.lab import COST
from explorer.gui.labs.distance.lab import DISTANCE
from explorer.gui.labs.lab import LabSpec
from explorer.gui.labs.margin.lab import MARGIN
from explorer.gui.labs.softmax.lab import SOFTMAX

LABS: tuple[LabSpec[Any], ...] = (DISTANCE, SOFTMAX, MARGIN, CENTRE, COST)
"""All labs, in the order of their tabs."""
