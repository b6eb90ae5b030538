"""The cards that ship: complete, with links that lead somewhere, formulas that can be set, right numbers."""

from __future__ import annotations

import math
import re

import pytest

from explorer.core.data.resources import resource
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.presets import list_presets
from explorer.gui.controls.formula import render_svg
from explorer.gui.theory.cards import FALLBACK, read_card, read_cards

FOLDER = resource("theory")
CARDS, FAULTS = read_cards(FOLDER)
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
LABS = {"distance", "softmax", "margin", "centre", "cost"}
MOST_WORDS = 230
"""A card is read in a minute."""


def test_every_card_can_be_read():
    assert FAULTS == []


def test_every_loss_has_a_card():
    assert {card.loss for card in CARDS.values() if card.kind == "loss"} == set(LOSSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(language):
    targets = {f"card:{name}" for name in CARDS}
    targets |= {f"preset:{preset.name}" for preset in list_presets()}
    targets |= {f"lab:{name}" for name in LABS}
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
    ("sphereface-r", "flat at {:.0f}°", 180 / 1.35),
    ("cosface", r"$1-\cos36°={:.3f}$", 1 - math.cos(math.radians(36))),
    ("arcface", "{:.1f}° for $m=0.2$", (36 - math.degrees(0.2)) / 2),
    ("arcface", "stay below {:.3f} rad", math.radians(36)),
    ("combined", "beyond {:.1f}°", math.degrees((math.pi - 0.15) / 2)),
    ("proxy-nca", "they give {:.3f}", math.log(-math.exp(2) + sum(SPACED)) - 2),
    ("circle", "the cosine {:.2f}", math.cos(math.radians(36))),
]


@pytest.mark.parametrize(("name", "words", "value"), NUMBERS)
def test_a_number_in_a_card_is_right(name, words, value):
    assert words.format(value) in " ".join(CARDS[name].text.split())


def test_focal_counts_a_confident_sample_one_hundredth():
    assert "$p=0.9$ counts one hundredth" in CARDS["focal"].text
    assert (1 - 0.9) ** LOSSES["focal"].param("gamma").default == pytest.approx(0.01)
