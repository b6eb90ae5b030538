"""The cards that ship: complete, with links that lead somewhere, formulas that can be set, right numbers."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from explorer.core.data.resources import resource
from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.curve_shapes import multiplied
from explorer.core.settings.presets import list_presets
from explorer.gui.controls.formula import render_svg
from explorer.gui.labs.cost.options import MOST_CLASSES
from explorer.gui.theory.cards import SECTIONS, TOPICS, read_card, read_cards
from explorer.gui.theory.document import FALLBACK
from explorer.gui.views.registry import VIEWS

FOLDER = resource("theory")
CARDS, FAULTS = read_cards(FOLDER)
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
Vector = tuple[float, ...]
CARD_OF = {card.loss: name for name, card in CARDS.items() if card.kind == "loss"}
LABS = {"distance", "softmax", "margin", "centre", "cost"}
MOST_WORDS = 230
"""A card is read in a minute."""


def test_every_card_can_be_read():
    assert FAULTS == []


def test_every_loss_has_a_card():
    assert {card.loss for card in CARDS.values() if card.kind == "loss"} == set(LOSSES)


def test_every_topic_mistake_and_worked_number_of_the_course_has_a_card():
    found = {kind: [card for card in CARDS.values() if card.kind == kind] for kind in SECTIONS}
    assert [card.number for card in found["topic"]] == list(range(1, TOPICS + 1))
    assert (len(found["mistake"]), len(found["number"])) == (7, 4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(language):
    targets = {f"card:{name}" for name in CARDS}
    targets |= {f"preset:{preset.name}" for preset in list_presets()}
    targets |= {f"lab:{name}" for name in LABS}
    targets |= {f"view:{spec.id}" for spec in VIEWS if spec.group != "central"}
    for path in (FOLDER / language).iterdir():
        missing = [
            link for link in read_card(path).links() if not link.startswith("https:") and link not in targets
        ]
        assert missing == [], path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_no_card_that_english_lacks(language):
    assert {path.name for path in (FOLDER / language).iterdir()} <= {f"{name}.md" for name in CARDS}
    assert language == FALLBACK or language in ("zh_CN",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_can_be_set(language):
    formulas = {latex for path in (FOLDER / language).iterdir() for latex in read_card(path).formulas()}
    assert [latex for latex in sorted(formulas) if not render_svg(latex)] == []


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_is_short(card):
    assert len(re.findall(r"[^\W\d_]{2,}", card.text)) <= MOST_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, spec in LOSSES.items() if spec.least_accuracy])
def test_a_card_says_how_far_a_seed_falls_at_the_defaults(name, language):
    text = read_card(FOLDER / language / f"{CARD_OF[name]}.md").text
    for accuracy in LOSSES[name].least_accuracy.values():
        assert f"{100 * accuracy:.0f}%" in text


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_every_preset_is_linked_by_a_card(preset):
    assert any(preset.name in card.presets for card in CARDS.values())


def probability(scale: float, classes: int = 10) -> float:
    """Return that of the true class for a feature on its weight, among evenly spaced weights in 2-D."""
    terms = [math.exp(scale * math.cos(2 * math.pi * k / classes)) for k in range(classes)]
    return terms[0] / sum(terms)


def scale_for(share: float) -> float:
    """Return the scale at which `probability` is this, by bisection."""
    low, high = 0.1, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(middle) < share else (low, middle)
    return low


def cross_entropy(targets: list[float], shares: list[float]) -> float:
    return -sum(t * math.log(p) for t, p in zip(targets, shares, strict=True))


def cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def cosine(first: Vector, second: Vector) -> float:
    product = sum(a * b for a, b in zip(first, second, strict=True))
    return product / math.hypot(*first) / math.hypot(*second)


def means(label: int) -> Vector:
    return tuple(round(sum(column) / 4, 12) for column in zip(*CLASSES[label], strict=True))


TAMMES_10 = 66.1468220
"""Largest least angle in degrees between ten points of the sphere (Danzer 1963)."""
CLASSES = (
    ((0.5, 0.6, 0.7), (0.4, 0.5, 0.8), (0.6, 0.7, 0.6), (0.5, 0.5, 0.8)),
    ((0.8, 0.2, 0.3), (0.7, 0.3, 0.4), (0.6, 0.4, 0.5), (0.7, 0.2, 0.6)),
    ((0.1, 0.9, 0.2), (0.2, 0.8, 0.3), (0.3, 0.7, 0.4), (0.1, 0.8, 0.5)),
)
SHARES = [math.exp(z) / sum(map(math.exp, (2, 1, 0))) for z in (2, 1, 0)]
SMOOTH = [0.91, *[0.01] * 9]
SPACED = [math.exp(2 * math.cos(2 * math.pi * k / 10)) for k in range(10)]
"""e to twice the cosine to each of ten evenly spaced class weights in 2-D."""
NUMBERS = [
    ("label-smoothing", "its minimum is {:.3f}", cross_entropy(SMOOTH, SMOOTH)),
    ("label-smoothing", "a probability of {:.2f}", 1 - 0.1 + 0.1 / 10),
    ("normface", "probability 0.9 at $s={:.1f}$", scale_for(0.9)),
    ("normface", "0.99 at $s={:.1f}$", scale_for(0.99)),
    ("adacos", "which is {:.2f} for ten classes", math.sqrt(2) * math.log(9)),
    ("island", "at the defaults, {:g}", 0.01 * 10 * (10 * 9 - 10)),
    ("a-softmax", "{:g}° for $m=2$", 36 / 3),
    ("a-softmax", "{:g}° for $m=4$", 36 / 5),
    ("a-softmax", "Softmax allows {:g}°", 36 / 2),
    ("sphereface-r", "flat at {:.0f}°", 180 / 1.2),
    ("cosface", r"$1-\cos36°={:.3f}$", 1 - math.cos(math.radians(36))),
    ("cosface", "up to {:.3f} fits", 1 - cos(TAMMES_10)),
    ("arcface", "{:.1f}° for $m=0.2$", (36 - math.degrees(0.2)) / 2),
    ("arcface", "stay below {:.3f} rad", math.radians(36)),
    ("combined", "beyond {:.1f}°", math.degrees((math.pi - 0.15) / 2)),
    ("multi-similarity", "weighs 1/{:.0f} of", math.exp(25 * (1 - math.cos(math.radians(36))))),
    ("proxy-nca", "they give {:.3f}", math.log(-math.exp(2) + sum(SPACED)) - 2),
    ("softmax-function", "{:.3f} for ten", math.log(10)),
    ("softmax-function", "give $({:.3f}, ", SHARES[0]),
    ("softmax-function", ", {:.3f}, ", SHARES[1]),
    ("softmax-function", ", {:.3f})$. Ten times", SHARES[2]),
    ("euclidean-distance", "to $(4,6)$ it is {:g}.", math.dist((1, 2), (4, 6))),
    ("manhattan-distance", "$3+4={:g}$; the straight", abs(1 - 4) + abs(2 - 6)),
    ("cosine-similarity", "it falls by {:.3f}, from", 1 - cos(10)),
    ("cosine-similarity", "80° to 90° by {:.3f}", cos(80) - cos(90)),
    ("adjusted-cosine", "The cosine is {:.3f}, as", cosine((1, 2), (4, 5))),
    ("adjusted-cosine", "the cosine is $-{:g}$: opposite", -cosine((-2, -1), (1, 2))),
    ("unit-vectors-agree", "at 90° {:.3f}, at", math.sqrt(2 * (1 - cos(90)))),
    ("unit-vectors-agree", "at 180° {:g}.", math.sqrt(2 * (1 - cos(180)))),
    ("unit-vectors-agree", "the distance is {:.0f}, at 90°", math.sqrt(2 * (1 - cos(60)))),
    ("normalisation", "(e+9e^{{-1}})={:.3f}$", math.e / (math.e + 9 / math.e)),
    ("subtract-from-the-cosine", "the 0.9 of {:.1f}°", math.degrees(math.acos(0.9))),
    ("subtract-from-the-cosine", "worth only {:.1f}°", 90 - math.degrees(math.acos(0.1))),
    ("add-to-the-angle", "0.5 is {:.1f}°", math.degrees(0.5)),
    ("add-to-the-angle", r"$\cos\theta$ is $-{:.3f}$", math.sin(math.radians(5))),
    ("add-to-the-angle", r"$\cos(\theta+0.5)$ is $-{:.3f}$", math.sin(math.radians(5) + 0.5)),
    ("centre-loss-on-unit-features", "it is {:.3f} long", cos(30)),
    ("distance-and-similarity", "at distance {:.3f}, with", math.dist((1, 0), (0.1, 0.1))),
    ("distance-and-similarity", "with the cosine {:.3f}.", cosine((1, 0), (0.1, 0.1))),
    ("distance-and-similarity", "at distance {:g}, with the cosine 1", math.dist((1, 0), (10, 0))),
    ("weight-length", "ratio ${:.3f}$", cos(40)),
    ("weight-length", "to ${:.3f}$", 2 * cos(50)),
    ("centre-loss-cost", "each takes {:.1f} MB", 10_000 * 512 * 4 / 1e6),
    ("unit-vector", r"\sqrt{{38}}={:.4f}$", math.hypot(2, 3, 5)),
    ("unit-vector", "vector $({:.4f}, ", 2 / math.hypot(2, 3, 5)),
    ("unit-vector", ", {:.4f}, ", 3 / math.hypot(2, 3, 5)),
    ("unit-vector", ", {:.4f})$.", 5 / math.hypot(2, 3, 5)),
    ("unit-vector", "$3/6.1644={:.5f}$", 3 / 6.1644),
    ("class-means", "lengths go from {:.3f}", min(math.hypot(*v) for vs in CLASSES for v in vs)),
    ("class-means", "to {:.3f}. Normalised", max(math.hypot(*v) for vs in CLASSES for v in vs)),
    ("class-means", "$c_1=({:g}, {:g}, {:g})$", means(0)),
    ("class-means", "$c_2=({:g}, {:g}, {:g})$", means(1)),
    ("class-means", "$c_3=({:g}, {:g}, {:g})$", means(2)),
    ("cosine-of-ratings", r"\sqrt{{205}}}}={:.4f}$", cosine((1, 2), (4, 5))),
    ("cosine-of-ratings", "The angle is {:.1f}°", math.degrees(math.acos(cosine((1, 2), (4, 5))))),
    ("adjusted-cosine-of-ratings", "(1,2))={:g}$", cosine((-2, -1), (1, 2))),
    ("circle", "the cosine {:.2f}", math.cos(math.radians(36))),
    ("circle", "In 3-D they can have {:.2f}.", cos(TAMMES_10)),
]


@pytest.mark.parametrize(("name", "words", "value"), NUMBERS)
def test_a_number_in_a_card_is_right(name, words, value):
    numbers = value if isinstance(value, tuple) else (value,)
    assert words.format(*numbers) in " ".join(CARDS[name].text.split())


def test_the_vectors_of_the_worked_means_are_those_of_the_card():
    for vectors in CLASSES:
        written = " ".join("(" + ", ".join(f"{x:g}".lstrip("0") for x in vector) + ")" for vector in vectors)
        assert written in CARDS["class-means"].text


def test_psi_is_as_the_card_says():
    assert "$\\psi$ is 1 at 0°, $-1$ at 90° and $-3$ at 180°" in " ".join(
        CARDS["multiply-the-angle"].text.split()
    )
    assert multiplied(np.array([0, math.pi / 2, math.pi]), 2).value == pytest.approx([1, -1, -3])


def test_the_squared_inner_product_is_smallest_at_a_right_angle():
    angle = np.linspace(0, math.pi, 181)
    wrong = 0.5 * (0.8 * np.cos(angle)) ** 2
    right = (1 + 0.8**2) / 2 - 0.8 * np.cos(angle)
    assert (int(wrong.argmin()), int(right.argmin())) == (90, 0)
    assert wrong[0] == wrong.max()


def test_focal_counts_a_confident_sample_one_hundredth():
    assert "$p=0.9$ counts one hundredth" in CARDS["focal"].text
    assert (1 - 0.9) ** LOSSES["focal"].param("gamma").default == pytest.approx(0.01)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_about_costs_names_the_most_classes_that_are_measured(language):
    assert f"{MOST_CLASSES:,}" in read_card(FOLDER / language / "centre-loss-cost.md").text
