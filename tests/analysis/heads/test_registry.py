"""A head is one file: what every view asks of it must follow, for our heads and for those of packages."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.analysis.heads.registry import HEAD_FAULTS, HEADS
from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.heads import OUR_HEADS, head_names

TESTS = Path(__file__).parents[2]
ROOT = TESTS.parent

HEAD = '''
"""The nearest class weight in city-block distance."""

import numpy as np

from explorer.analysis.heads.head import Head


class CityBlock(Head, frozen=True, eq=False):
    name = "city-block"

    weight: np.ndarray

    @classmethod
    def of(cls, snapshot):
        return None if snapshot.weight is None else cls(snapshot.weight)

    @property
    def rows(self):
        return self.weight

    def scores(self, points):
        return -np.abs(points[:, None].astype(np.float64) - self.weight).sum(axis=2)
'''

LOSS = """
from explorer.core.losses.loss_spec import LossSpec

SPEC = LossSpec(
    name="my-loss", title="My loss", family="Mine", summary="Distances.", formula="L", head="city-block"
)
"""

TURNED_HEAD = '''
"""The nearest class weight in angle, every weight turned by 0.4 rad before."""

import numpy as np
from msgspec.structs import replace

from explorer.analysis.heads.angular import Angular

TURN = np.array([[np.cos(0.4), np.sin(0.4)], [-np.sin(0.4), np.cos(0.4)]], dtype=np.float32)


class Turned(Angular, frozen=True, eq=False):
    name = "turned"

    @classmethod
    def of(cls, snapshot):
        head = super().of(snapshot)
        return replace(head, weight=head.weight @ TURN)
'''

TURNED_LOSS = """
from msgspec.structs import replace

from explorer.core.losses.families.angular import ENTRIES

ARCFACE = next(spec for spec in ENTRIES if spec.name == "arcface")
SPEC = replace(ARCFACE, name="turned-arcface", title="Turned ArcFace", head="turned")
"""

TURNED_CHECK = """
import numpy as np
from analysis.snapshots import make_snapshot
from mine.turned import TURN
from msgspec.structs import replace

from explorer.analysis.margins.class_pairs import pair_samples
from explorer.analysis.margins.two_class import boundaries
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.plane.regions import division
from explorer.analysis.heads.classifier import logits, reference_rows
from explorer.analysis.heads.direction import decides_by_direction

params = {"margin": 0.3}
mine = make_snapshot(count=300, train=100, loss="turned-arcface", params=params)
plain = make_snapshot(count=300, train=100, loss="arcface", params=params, weight=mine.weight @ TURN)
assert np.array_equal(logits(mine), logits(plain))
assert np.array_equal(reference_rows(mine, 0).rows, plain.weight)
assert decides_by_direction(mine)

view = Rectangle(-30, -20, 25, 35)
found, wanted = (division(snapshot, view, 0.1) for snapshot in (mine, plain))
assert len(wanted.regions) > 9 and len(wanted.bands) > 9
for mine_too, region in zip(found.regions + found.bands, wanted.regions + wanted.bands, strict=True):
    assert mine_too.label == region.label
    assert np.array_equal(mine_too.polygon, region.polygon)

found, wanted = (boundaries(pair_samples(snapshot, 0, (2, 3), "angles").rivals) for snapshot in (mine, plain))
for mine_too, areas in ((found.test, wanted.test), (found.train, wanted.train)):
    for own, other in zip(mine_too, areas, strict=True):
        assert all(map(np.array_equal, own.edges, other.edges))
print("checked")
"""

CHECK = """
import numpy as np
from analysis.plane.plane_checks import VIEWS, assert_regions, pixel_of
from analysis.snapshots import make_snapshot

from explorer.analysis.heads.classifier import logits, reference_rows, scores
from explorer.analysis.heads.direction import decides_by_direction
from explorer.analysis.margins.class_pairs import pair_samples
from explorer.analysis.margins.pull import no_curve_reason
from explorer.analysis.margins.two_class import boundaries
from explorer.analysis.plane.regions import division
from explorer.analysis.sphere.classification import classify_at, decision_lines, mesh
from explorer.analysis.statistics.drawn_digit import DrawnDigit, nearest_images

rng = np.random.default_rng(5)
weight = rng.normal(0, 12, (6, 2)).astype(np.float32)
snapshot = make_snapshot(count=300, train=100, classes=6, loss="my-loss", weight=weight)


def answer(points):
    return np.abs(points[:, None] - weight).sum(axis=2).argmin(axis=1)


points = rng.normal(0, 20, (2000, 2)).astype(np.float32)
assert (scores(snapshot, points).argmax(axis=1) == answer(points)).all()
assert np.array_equal(logits(snapshot, points), scores(snapshot, points))
for view in VIEWS.values():
    shown = division(snapshot, view, pixel_of(view))
    assert shown.bands == []
    assert_regions(shown.regions, answer, view, 6)
    for region in shown.regions:
        for border in region.borders:
            middles = (border[1:] + border[:-1]) / 2
            away = np.sort(np.abs(middles[:, None] - weight).sum(axis=2), axis=1)
            assert (away[:, 1] - away[:, 0]).max(initial=0) < 3 * pixel_of(view)

reference = reference_rows(snapshot, 0)
assert reference.kind == "weights"
assert reference.rows is snapshot.weight
assert not decides_by_direction(snapshot)
assert not nearest_images(DrawnDigit(points[:1], 0, snapshot)).by_angle
assert "My loss" in no_curve_reason("my-loss")

for plane in ("angles", "logits"):
    samples = pair_samples(snapshot, 0, (1, 4), plane)
    found = boundaries(samples.rivals)
    assert (found.test is None) == (plane == "angles")
    assert found.train is None
assert "scores" in boundaries(pair_samples(snapshot, 0, (1, 4), "angles").rivals).note
assert np.ptp(np.concatenate(found.test[0].edges), axis=1).max() < 1e-3  # the larger score wins
values = scores(snapshot, snapshot.features[samples.rows])[:, [1, 4]]
assert np.array_equal(samples.points, values.astype(np.float32))

solid = rng.normal(0, 12, (6, 3)).astype(np.float32)
space = make_snapshot(count=100, dim=3, classes=6, loss="my-loss", weight=solid)
directions = mesh(3)[0]
known = classify_at(space, 15.0)(directions)
away = np.abs(15 * directions[:, None] - solid).sum(axis=2)
assert (known.classes[known.answers] == away.argmin(axis=1)).mean() > 0.999
assert known.violates_margin is None
lines = 15 * decision_lines(known, 3).reshape(-1, 3)
nearest = np.sort(np.abs(lines[:, None] - solid).sum(axis=2), axis=1)
assert len(lines) > 20
assert np.median(nearest[:, 1] - nearest[:, 0]) < 0.5
print("checked")
"""


@pytest.fixture
def package(tmp_path):
    """Return a folder with a package that adds two heads, and a loss for each."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    (tmp_path / "mine" / "head.py").write_text(HEAD)
    (tmp_path / "mine" / "description.py").write_text(LOSS)
    (tmp_path / "mine" / "turned.py").write_text(TURNED_HEAD)
    (tmp_path / "mine" / "turned_description.py").write_text(TURNED_LOSS)
    information = tmp_path / "mine-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[explorer.heads]\ncity-block = mine.head:CityBlock\nturned = mine.turned:Turned\n"
        "[explorer.catalog]\nmy-loss = mine.description:SPEC\nturned-arcface = mine.turned_description:SPEC\n"
    )
    return tmp_path


def run(package, code):
    paths = [str(package), str(TESTS)]
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import sys; sys.path[:0] = {paths!r}\n{code}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def test_the_catalogue_and_the_registry_name_the_same_heads():
    assert set(HEADS) == set(OUR_HEADS) == head_names()
    assert {spec.head for spec in LOSSES.values()} == set(HEADS)
    assert HEAD_FAULTS == ()


def test_no_other_module_tells_one_head_from_another():
    """A head that a module compares by name is one that a new head of a package cannot be."""
    compared = []
    registration = ROOT / "explorer" / "core" / "losses" / "catalog.py"
    for path in sorted({*(ROOT / "explorer").rglob("*.py")} - {registration}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Attribute) and side.attr == "head" for side in sides):
                    compared.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert compared == []


def test_a_head_of_another_package_has_all_that_views_ask_of_one(package):
    result = run(package, CHECK)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "checked\n"


def test_a_head_that_changes_one_of_ours_has_its_margin_bands_and_boundaries(package):
    result = run(package, TURNED_CHECK)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "checked\n"


def test_a_loss_with_an_unknown_head_is_refused_in_a_sentence(package):
    description = package / "mine" / "description.py"
    description.write_text(LOSS.replace('"city-block"', '"city-blok"'))
    code = "from explorer.core.losses.catalog import LOSSES, PLUGIN_FAULTS\n"
    code += "assert 'my-loss' not in LOSSES and 'arcface' in LOSSES\nprint(*PLUGIN_FAULTS, sep='\\n')"
    (said,) = run(package, code).stdout.splitlines()
    assert said.startswith(
        "The loss 'my-loss' of 'mine.description:SPEC' was not loaded: there is no head 'city-blok'"
    )
    assert "known: angular, city-block, gaussian" in said


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("CityBlock = 3", "it is not a subclass of Head"),
        (HEAD.replace('name = "city-block"', 'name = "other"'), "its name is 'other'"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
    ],
)
def test_an_offer_that_is_no_head_is_told_and_its_losses_compare_with_class_means(package, code, reason):
    (package / "mine" / "head.py").write_text(code)
    result = run(
        package,
        "from analysis.snapshots import make_snapshot\n"
        "from explorer.analysis.heads.classifier import reference_rows\n"
        "from explorer.analysis.heads.registry import HEAD_FAULTS\n"
        "kind = reference_rows(make_snapshot(count=100, loss='my-loss'), 0).kind\n"
        "print(*HEAD_FAULTS, kind, sep='\\n')",
    )
    said, kind = result.stdout.splitlines()
    assert said == f"The head 'city-block' of 'mine.head:CityBlock' was not loaded: {reason}."
    assert kind == "means"
