"""`loss-explorer bench`: its figures, the budgets that they are held against, and its ways to fail."""

import io
import json
import math
import re
import subprocess
import sys

import pytest

from explorer.bench.budgets import FIGURES, SECTIONS, judge
from explorer.bench.figures import Measurement
from explorer.bench.measuring import BenchError, parse_measurements, percentile_95, times
from explorer.bench.report import MODULES, bench, chosen_sections
from explorer.core.settings.config import ConfigError
from explorer.core.texts import text

BUDGETS = {
    "training.softmax_97": 10,
    "training.arcface_98": 12,
    "training.lenet_images_per_second": 300_000,
    "training.lenet_framed_share": 95,
    "render.plane_10k": 4,
    "render.space_10k": 4,
    "render.plane_60k": 8,
    "render.space_60k": 12,
    "render.plane_1m": 40,
    "render.all_views": 4,
    "render.regions": 2,
    "render.histograms": 2,
    "render.statistics": 2,
    "render.rest": 2,
    "latency.slider": 20,
    "latency.stall": 100,
    "latency.stall_classes": 50,
    "latency.frames": 33,
    "latency.watched_share": 80,
    "latency.watched_share_with_room": 95,
    "latency.drawn": 10,
    "latency.drawn_with_room": 60,
    "startup.shown": 1,
    "startup.drawn": 4,
    "memory.window": 350,
    "memory.worker": 900,
    "time.open": 0.5,
    "time.read": 1,
    "time.recorded_share": 97,
    "time.window_share": 97,
    "time.first_picture": 0.5,
    "time.scrub_plane": 30,
    "time.scrub_plane_others": 10,
    "time.scrub_space": 30,
    "time.scrub_space_others": 10,
    "time.scrub_live": 15,
    "time.scrub_live_others": 5,
    "time.scrub_live_share": 70,
}
"""The budgets as they were agreed, in the units of the table."""


def run(*arguments):
    command = [sys.executable, "-m", "explorer", "bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


def test_the_table_has_every_agreed_budget_and_no_other():
    table = {name: figure.budget for name, figure in FIGURES.items() if figure.budget is not None}
    assert table == BUDGETS
    assert all(figure.text and figure.unit for figure in FIGURES.values())
    assert set(SECTIONS) == set(MODULES) == {name.partition(".")[0] for name in FIGURES}


@pytest.mark.parametrize(
    ("figure", "value", "device", "cores", "expected"),
    [
        ("startup.shown", 1.0, "", 2, (1.0, True)),
        ("startup.shown", 1.01, "", 2, (1.0, False)),
        ("startup.shown", 1.01, "", 1, (None, None)),
        ("training.softmax_97", 11.0, "cpu", 2, (10.0, False)),
        ("training.softmax_97", 11.0, "cuda", 16, (None, None)),
        ("training.lenet_images_per_second", 299_999.0, "cuda", 16, (300_000.0, False)),
        ("training.lenet_images_per_second", 300_000.0, "cuda", 16, (300_000.0, True)),
        ("training.images_per_second", 9_600.0, "cpu", 2, (None, None)),
    ],
)
def test_a_budget_holds_only_where_it_was_meant_to(figure, value, device, cores, expected):
    verdict = judge(Measurement(figure=figure, value=value, device=device), cores)
    assert (verdict.budget, verdict.ok) == expected


def test_the_slider_may_take_a_step_longer_than_its_budget():
    measurement = Measurement(figure="latency.slider", value=41.0, allowance=26.0)
    assert judge(measurement, 2).budget == pytest.approx(46.0)
    assert judge(measurement, 2).ok


def made_up(section):
    """Measurements of every figure of a section, with numbers that are told apart."""
    for i, figure in enumerate(figure for figure in FIGURES.values() if figure.section == section):
        if section == "scale":
            for count in (100, 1000):
                yield Measurement(figure=figure.name, case=f"arcface.{count}", value=count + i, device="cpu")
        else:
            yield Measurement(
                figure=figure.name, value=1.25 + 3 * i, device="cpu", note=text("[way] {number}", number=i)
            )


@pytest.mark.parametrize("section", SECTIONS)
def test_a_person_and_a_program_are_told_the_same_figures(section, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    lines, text = io.StringIO(), io.StringIO()
    assert bench([section], json_lines=True, output=lines, measure=made_up) == []
    assert bench([section], json_lines=False, output=text, measure=made_up) == []
    objects = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {entry["name"].split(".arcface.")[0] for entry in objects} == {
        name for name in FIGURES if name.startswith(section)
    }
    for entry in objects:
        assert list(entry) == ["name", "value", "unit", "budget", "ok", "note"]
        assert (entry["ok"] is None) == (entry["budget"] is None)
        if section == "scale":
            assert re.search(rf"\b{entry['value']:,.0f}\b", text.getvalue())
            continue
        (row,) = [line for line in text.getvalue().splitlines() if line.split()[0] == entry["name"]]
        assert f"{entry['value']:.3g} {entry['unit']}" in row
        assert row.rstrip().endswith(f"({entry['note']})")
        verdict = {True: "kept", False: "missed", None: "–"}[entry["ok"]]
        assert f" {verdict} " in row


def test_a_section_that_fails_is_said_and_the_others_are_measured():
    def measure(section):
        if section == "render":
            raise BenchError("No picture.")
        yield from made_up(section)

    output = io.StringIO()
    failures = bench(["render", "memory"], json_lines=True, output=output, measure=measure)
    assert failures == ["bench render: No picture."]
    assert [json.loads(line)["name"] for line in output.getvalue().splitlines()] == [
        "memory.window",
        "memory.worker",
    ]


def test_sections_come_in_the_order_of_the_table_and_an_unknown_one_is_refused():
    assert chosen_sections(None) == SECTIONS
    assert chosen_sections("memory, training") == ("training", "memory")
    with pytest.raises(ConfigError, match="'startup'"):
        chosen_sections("startpu")


def test_an_unknown_section_is_one_line_and_exit_code_two():
    result = run("--only", "training,paint")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "'paint'" in result.stderr
    assert all(section in result.stderr for section in SECTIONS)


@pytest.mark.parametrize("count", [1, 19, 20, 30, 100])
def test_the_95th_percentile_leaves_a_twentieth_above_it(count):
    values = [float(value) for value in range(count, 0, -1)]
    above = sum(value > percentile_95(values) for value in values)
    assert above == math.floor(0.05 * count)


def test_the_warm_up_is_left_out_of_the_times():
    calls = []
    assert len(times(calls.append, count=7, warm_up=3)) == 7
    assert calls == list(range(10))


def test_what_is_no_measurement_is_not_taken_for_one():
    with pytest.raises(ValueError, match="JSON"):
        list(parse_measurements(["This is no JSON\n"]))


@pytest.mark.soak
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_measures_all_its_figures_here(section):
    result = subprocess.run(
        [sys.executable, "-m", "explorer", "bench", "--only", section, "--json"],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    figures = [json.loads(line) for line in result.stdout.splitlines()]
    expected = {name for name, f in FIGURES.items() if f.section == section and f.scope != "cuda"}
    names = {".".join(figure["name"].split(".")[:2]).removesuffix("_with_room") for figure in figures}
    assert names >= {name.removesuffix("_with_room") for name in expected}
    assert all(figure["value"] >= 0 for figure in figures)
