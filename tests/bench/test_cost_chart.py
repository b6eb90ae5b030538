"""The chart of costs: every loss where its figures put it, and its name legible."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from explorer import cli
from explorer.bench.cost_chart import CostChart, spread_out
from explorer.bench.cost_chart_file import panels_of, write_cost_chart
from explorer.bench.figures import Verdict
from explorer.core.losses.catalog import LOSSES
from explorer.gui.theme.theme import DARK, LIGHT


def verdicts(losses=tuple(LOSSES), counts=(100, 1000, 10_000)):
    return [
        Verdict(f"scale.{kind}.{loss}.{count}", factor * count * (place + 1), unit, None, None, "")
        for place, loss in enumerate(losses)
        for count in counts
        for kind, unit, factor in (("time", "ms", 0.01), ("memory", "MB", 0.002))
    ]


def test_figures_become_the_points_of_their_loss():
    time, memory = panels_of(verdicts(("softmax", "arcface"), (1000, 100)))
    assert (time.unit, memory.unit) == ("ms", "MB")
    softmax, arcface = time.curves
    assert (softmax.loss, arcface.loss) == ("softmax", "arcface")
    assert softmax.points == ((100.0, 1.0), (1000.0, 10.0))
    assert arcface.points == ((100.0, 2.0), (1000.0, 20.0))
    assert memory.curves[1].points[0] == (100.0, pytest.approx(0.4))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_tenfold_cost_is_a_decade_higher(theme, qtbot):
    """Find the dots of the only line by their colour: they must lie on a straight line of slope one."""
    chart = CostChart(theme, panels_of(verdicts(("softmax",)))[:1], "costs")
    qtbot.addWidget(chart)
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[60:] & 0xFFFFFF
    red, green, blue = theme.class_color(0)
    rows, columns = np.nonzero(pixels == red << 16 | green << 8 | blue)
    line = columns < columns.max() - 20
    slope, _ = np.polyfit(columns[line], rows[line], 1)
    decade = (chart.width() - 62 - 150) / 2, (chart.height() - 84 - 44) / 2
    assert -slope == pytest.approx(decade[1] / decade[0], rel=0.03)


@given(
    st.lists(st.floats(0, 500), max_size=20).map(sorted),
    st.floats(1, 20),
)
def test_names_keep_apart_and_inside(wanted, apart):
    places = spread_out(wanted, apart, 0, 500)
    assert len(places) == len(wanted)
    assert all(0 <= place <= 500 + 1e-6 for place in places)
    assert all(after - before >= apart - 1e-6 for before, after in pairwise(places))
    crowded = any(after - before < apart for before, after in pairwise(wanted))
    if not crowded and (not wanted or wanted[-1] <= 500):
        assert all(
            math.isclose(place, value, abs_tol=1e-6) for place, value in zip(places, wanted, strict=True)
        )


@pytest.mark.usefixtures("qapp")
def test_the_chart_is_written(tmp_path):
    path = tmp_path / "cost.png"
    write_cost_chart(path, verdicts())
    assert QImage(str(path)).width() == 2 * 1320


@pytest.mark.parametrize("arguments", [["--only", "startup", "--chart", "a.png"], ["--chart", "a.txt"]])
def test_a_chart_of_nothing_or_of_another_kind_is_refused_before_anything_is_measured(arguments, capsys):
    assert cli.main(["bench", *arguments]) == cli.USAGE
    assert "--chart" in capsys.readouterr().err
