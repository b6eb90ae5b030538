"""The cost lab: measurements in a process of its own, kept on disk, and what is counted and drawn of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.analysis.plane.geometry import Rectangle
from explorer.core.losses.catalog import CENTRE_PAIR
from explorer.gui.labs.cost.content import (
    class_ticks,
    memories_of,
    readings_of,
    state_text,
    times_of,
    value_ticks,
)
from explorer.gui.labs.cost.costs import (
    FILE,
    MEMORY,
    TIME,
    Cost,
    CostsError,
    load_costs,
    no_costs,
    save_costs,
)
from explorer.gui.labs.cost.examples import EXAMPLES, INITIAL
from explorer.gui.labs.cost.lab import COST
from explorer.gui.labs.cost.measurement import Measurement
from explorer.gui.labs.cost.options import ORDER
from explorer.gui.labs.lab import LabContext
from explorer.gui.labs.page import LabPage
from explorer.gui.labs.shapes import Dot, Line
from explorer.gui.theme.theme import LIGHT

PLAIN, CENTRE = (spec.name for spec in CENTRE_PAIR)
PRINTS = """
import json, sys, time
for loss in sys.argv[1:]:
    for classes in (10, 100, 1000):
        for figure, value in (("scale.time", 0.002 * classes), ("scale.memory", 0.003 * classes)):
            line = {"figure": figure, "value": value, "case": f"{loss}.{classes}", "device": "cpu"}
            print(json.dumps(line), flush=True)
"""
WAITS = PRINTS + "    time.sleep(600)\n"
"""Measures one loss and then takes very long."""


def command(source: str) -> tuple[str, ...]:
    return (sys.executable, "-c", source)


@pytest.fixture
def page(tmp_path: Path, qtbot) -> Callable[[str], LabPage]:
    """Return the lab with a benchmark of this source."""

    def make(source: str) -> LabPage:
        result = LabPage(COST, LabContext(LIGHT, tmp_path, command(source)), lambda: True)
        qtbot.addWidget(result)
        result.show()
        return result

    return make


def costs_of(*rows, machine=""):
    costs = no_costs()
    for row in rows:
        costs = costs.with_row(Cost(*row), "cpu")
    return replace(costs, machine=machine) if machine else costs


SOME = costs_of(
    (TIME, PLAIN, 1_000, 2.0),
    (TIME, PLAIN, 10_000, 16.0),
    (TIME, CENTRE, 1_000, 3.0),
    (TIME, CENTRE, 10_000, 18.0),
    (MEMORY, PLAIN, 10_000, 20.0),
)


def values(options):
    return {row.name: row.values for row in readings_of(options).rows}


def test_a_measurement_fills_the_table_and_is_kept(page, qtbot, tmp_path):
    lab = page(PRINTS)
    figure = lab.sheet.figure
    assert "Not measured yet" in figure.state.text()
    figure.measure.click()
    assert figure.measure.text() == "Cancel"
    qtbot.waitUntil(lambda: not figure.measurement.running, timeout=30_000)
    costs = lab.options.costs
    assert len(costs.rows) == len(ORDER) * 6
    assert costs.points(TIME, PLAIN) == [(10, 0.02), (100, 0.2), (1000, 2.0)]
    assert values(lab.options)["time of a step"] == ("2.00 ms", "2.00 ms")
    assert values(lab.options)["time for ten times the classes"] == ("× 10.0", "× 10.0")
    assert "Measured on this machine" in figure.state.text()
    assert load_costs(tmp_path) == costs
    assert page(PRINTS).options.costs == costs


def test_a_cancelled_measurement_keeps_what_it_has(page, qtbot, tmp_path):
    lab = page(WAITS)
    figure = lab.sheet.figure
    figure.measure.click()
    qtbot.waitUntil(lambda: len(getattr(lab.options.costs, "rows", ())) == 6, timeout=30_000)
    assert "1 of" in figure.state.text() or "0 of" in figure.state.text()
    figure.measure.click()
    assert not figure.measurement.running
    assert figure.measure.text() == "Measure"
    assert len(load_costs(tmp_path).rows) == 6


def test_closing_the_lab_ends_the_measurement(page, qtbot):
    lab = page(WAITS)
    lab.sheet.figure.measure.click()
    qtbot.waitUntil(lambda: lab.options.costs is not None, timeout=30_000)
    lab.stop()
    assert not lab.sheet.figure.measurement.running


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import sys; sys.exit('it broke')", "exit code 1: it broke"),
        ("print('hello')", "something other than measurements"),
        ('print(\'{"figure": "scale.time", "value": 1, "case": "x"}\')', "something other than measurements"),
    ],
)
def test_a_measurement_that_fails_says_why(page, qtbot, source, words):
    lab = page(source)
    lab.sheet.figure.measure.click()
    qtbot.waitUntil(lambda: not lab.sheet.figure.measurement.running, timeout=30_000)
    assert words in lab.sheet.figure.state.text()
    assert lab.options.costs is None


def test_a_benchmark_that_is_not_there_is_named(qtbot):
    measurement = Measurement(["/nowhere/no such program"])
    with qtbot.waitSignal(measurement.ended) as ended:
        measurement.start(["softmax"])
    assert ended.args == ["The measurement could not be started: /nowhere/no such program."]
    assert not measurement.running


def test_the_real_benchmark_measures_what_the_lab_asks_for(qtbot, tmp_path, python):
    _, *bench = LabContext(LIGHT, tmp_path).bench
    measurement = Measurement((*python, *bench))
    found = []
    measurement.measured.connect(lambda cost, device: found.append((cost, device)))
    measurement.start([CENTRE])
    qtbot.waitUntil(lambda: len(found) >= 2 or not measurement.running, timeout=150_000)
    measurement.stop()
    (first, device), (second, _) = found[:2]
    assert (first.figure, first.loss, first.classes) == (TIME, CENTRE, 10)
    assert second.figure == MEMORY
    assert first.value > 0
    assert second.value > 0
    assert device in ("cpu", "cuda", "mps")


def test_what_another_machine_measured_is_not_called_ours(page, tmp_path, qtbot):
    theirs = costs_of((TIME, PLAIN, 10, 1.0), machine="theirs, Linux x86_64, 64 CPU")
    save_costs(tmp_path, theirs)
    lab = page(PRINTS)
    assert lab.sheet.figure.state.text().startswith("Not this machine: measured on theirs")
    lab.sheet.figure.measure.click()
    qtbot.waitUntil(lambda: not lab.sheet.figure.measurement.running, timeout=30_000)
    assert lab.options.costs.is_ours
    assert "theirs" not in state_text(lab.options.costs)


@pytest.mark.parametrize("other", [{"machine": "theirs"}, {"version": "0.0.1"}, {"device": "cuda"}])
def test_what_was_measured_in_another_way_is_not_mixed_with_what_is_new(other):
    row = Cost(TIME, PLAIN, 100, 1.0)
    assert len(SOME.with_row(row, "cpu").rows) == len(SOME.rows) + 1
    assert replace(SOME, **other).with_row(row, "cpu").rows == (row,)


def test_a_file_that_cannot_be_replaced_leaves_nothing_half_written(tmp_path, monkeypatch):
    save_costs(tmp_path, SOME)
    monkeypatch.setattr("os.replace", lambda *_args: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(CostsError, match="full"):
        save_costs(tmp_path, no_costs())
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert load_costs(tmp_path) == SOME


def test_a_measurement_leaves_the_demonstration_and_the_example_as_they_are(page):
    lab = page(PRINTS)
    measured = lab.sheet.figure.measurement.measured
    lab.demonstrate.click()
    measured.emit(Cost(TIME, PLAIN, 10_000, 16.0), "cpu")
    assert lab.demonstration.playing
    assert lab.options.costs.points(TIME, PLAIN) == [(10_000, 16.0)]
    lab.examples["centres"].click()
    assert "press “Measure”" in lab.sheet.card.parts["correct"].text()
    measured.emit(Cost(TIME, CENTRE, 10_000, 18.0), "cpu")
    assert "18.00 ms with the centres" in lab.sheet.card.parts["correct"].text()


def test_examples_steps_and_reset_keep_the_measurements(page, tmp_path):
    save_costs(tmp_path, SOME)
    lab = page(PRINTS)
    lab.examples["centres"].click()
    assert lab.options.costs == SOME
    assert (
        "a step takes 16.00 ms without and 18.00 ms with the centres"
        in lab.sheet.card.parts["correct"].text()
    )
    lab.restore.click()
    assert lab.options.costs == SOME
    lab.demonstrate.click()
    assert lab.options.costs == SOME
    lab.demonstrate.click()


def test_centres_take_as_much_memory_as_the_weights():
    (example,) = EXAMPLES
    words = example.correct(example.options)
    assert "the centres take 2.56 MB, the classifier's weights 2.56 MB" in words
    assert "press “Measure”" in words
    found = values(INITIAL)
    assert found["centres of centre loss"] == found["weights of the classifier"] == ("2.56 MB",)
    assert found["logits of a batch"] == ("5.12 MB",)
    assert values(replace(INITIAL, classes=10))["centres of centre loss"] == ("2.56 kB",)


def test_an_axis_writes_all_powers_of_ten_alike():
    written = [text for _at, text in value_ticks(Rectangle(0, -1, 1, 3.4))]
    assert written == ["0.1", "1", "10", "100", "1,000"]
    assert [text for _at, text in value_ticks(Rectangle(0, -1, 1, 4.4))][:3] == ["10⁻¹", "10⁰", "10¹"]
    assert [text for _at, text in class_ticks()] == ["10¹", "10²", "10³", "10⁴", "10⁵", "10⁶"]


def test_both_axes_are_logarithmic():
    options = replace(INITIAL, costs=SOME)
    dots = [shape.at for shape in times_of(options, LIGHT).shapes if isinstance(shape, Dot)]
    wanted = [(3, np.log10(2)), (4, np.log10(16)), (3, np.log10(3)), (4, np.log10(18))]
    assert np.array(dots) == pytest.approx(np.array(wanted))
    weights = [shape.points for shape in memories_of(INITIAL, LIGHT).shapes if isinstance(shape, Line)][-1]
    assert weights == pytest.approx(np.log10([(10, 10 * 64 * 4e-6), (1e6, 1e6 * 64 * 4e-6)]))


def test_a_damaged_file_is_as_none(tmp_path):
    assert load_costs(tmp_path) is None
    for content in (b"{", b"[]", b"\xff\xfe", b'{"machine": "x", "measured": "", "version": "", "rows": []}'):
        (tmp_path / FILE).write_bytes(content)
        assert load_costs(tmp_path) is None
    save_costs(tmp_path, costs_of((TIME, PLAIN, 10, -1.0)))
    assert load_costs(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CostsError, match=r"cannot be kept"):
        save_costs(tmp_path / "file", SOME)
