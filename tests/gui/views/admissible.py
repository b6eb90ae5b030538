"""Hypothesis strategies for whatever the protocol admits, and whatever a person may have chosen."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.raster.colouring import COLOR_MODES
from explorer.core.class_sets import classes_text
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import DataConfig, LossConfig, NetworkConfig, RunConfig
from explorer.gui.theme.theme import THEMES, Theme
from explorer.gui.views.curves.options import PANELS

LARGEST, SMALLEST = 1e6, 1e-6
MOST_CLASSES = 100
KINDS = ("clusters", "zero", "identical", "partly zero", "extremes", "one axis", "tiny beside huge")
CURVED = tuple(name for name, spec in LOSSES.items() if spec.curve)

scales = st.sampled_from([SMALLEST, 1e-3, 1.0, 30.0, 1e3, LARGEST])
seeds = st.integers(0, 2**32 - 1)
counts = st.one_of(st.integers(1, 40), st.integers(1, 600), st.sampled_from([1, 2, 3_000]))


def vectors(kind: str, scale: float, size: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """Return (size, dim) float32 of a kind, no number of which is larger than ``LARGEST``."""
    if kind == "zero":
        result = np.zeros((size, dim))
    elif kind == "identical":
        result = np.tile(rng.normal(size=dim), (size, 1))
    elif kind == "extremes":
        result = rng.choice([-LARGEST, -1.0, -SMALLEST, 0.0, SMALLEST, 1.0, LARGEST], (size, dim)) / scale
    else:
        result = rng.normal(size=(size, dim))
    if kind == "partly zero":
        result[rng.random(size) < 0.5] = 0
    if kind == "one axis":
        result[:, 1:] = 0
    if kind == "tiny beside huge":
        result *= rng.choice([SMALLEST, 1.0], (size, 1))
    return np.clip(result * scale, -LARGEST, LARGEST).astype(np.float32)


@st.composite
def probe_sets(draw: st.DrawFn, sizes: st.SearchStrategy[int] = counts) -> ProbeSet:
    """Return images of any classes, of the test set, the training set or both; some are not trained on."""
    size, classes = draw(sizes), draw(st.one_of(st.integers(1, 12), st.just(MOST_CLASSES)))
    present = draw(st.lists(st.integers(0, classes - 1), min_size=1, max_size=classes, unique=True))
    unseen = st.just(set())
    if classes > 2:
        unseen = st.one_of(unseen, st.sets(st.integers(0, classes - 1), max_size=classes - 2))
    rng = np.random.default_rng(draw(seeds))
    split = {
        "test": np.zeros(size),
        "training": np.ones(size),
        "both": rng.integers(0, 2, size),
    }[draw(st.sampled_from(["both", "test", "training"]))].astype(np.uint8)
    return ProbeSet(
        labels=rng.choice(present, size).astype(np.uint8),
        indices=rng.permutation(size).astype(np.int32),
        split=split,
        num_classes=classes,
        test_size=max(10_000, size),
        train_size=max(60_000, size),
        unseen=frozenset(draw(unseen)),
    )


@st.composite
def snapshots(draw: st.DrawFn, probes: st.SearchStrategy[ProbeSet] | None = None) -> Snapshot:
    """Return a frame of any loss: what it has learned may be there or not, zero, tiny or huge."""
    probe = draw(probes if probes is not None else probe_sets())
    dim, loss = draw(st.integers(2, 3)), draw(st.sampled_from(tuple(LOSSES)))
    rng = np.random.default_rng(draw(seeds))

    def learned(rows: int) -> np.ndarray:
        return vectors(draw(st.sampled_from(KINDS)), draw(scales), rows, dim, rng)

    def of_classes(values: np.ndarray) -> np.ndarray:
        """Return values (C·K, …) without those of classes left out of training."""
        each = values.reshape(classes, -1, *values.shape[1:])
        each[list(probe.unseen)] = np.nan
        return each.reshape(values.shape)

    classes = probe.num_classes
    step = draw(st.sampled_from([0, 1, 250, 10_000_000]))
    config = LossConfig(loss)
    weights = classes * int(config.params.get("subcenters", 1))
    has_weight, has_bias, has_centers, has_variance = (draw(st.booleans()) for _ in range(4))
    return Snapshot(
        probe=probe,
        config=RunConfig(
            loss=config,
            network=NetworkConfig(dim=dim),
            data=DataConfig(classes=max(2, classes), left_out=classes_text(probe.unseen)),
        ),
        step=step,
        epoch=step / 468,
        elapsed=step / 100,
        samples_per_second=draw(st.sampled_from([0.0, 12_800.0])),
        probe_samples=int(np.count_nonzero(probe.split == TEST)),
        features=learned(len(probe.labels)),
        scalars={"loss": draw(scales), "rate": 0.1},
        weight=of_classes(learned(weights)) if has_weight else None,
        bias=of_classes(learned(classes)[:, 0]) if has_bias else None,
        centers=of_classes(learned(classes)) if has_centers else None,
        radius=draw(st.none() | scales),
        log_variance=of_classes(rng.uniform(-10, 10, (classes, dim)).astype(np.float32))
        if has_variance
        else None,
        since=draw(st.none() | st.just(max(0, step - 1))),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return scalars of any number of frames: some missing, zero, tiny, huge or not a number."""
    history, rng = History(), np.random.default_rng(draw(seeds))
    values = draw(st.lists(st.sampled_from([0.0, SMALLEST, 0.3, LARGEST, float("nan")]), min_size=1))
    terms = draw(st.sampled_from([(), ("loss.cross-entropy",), ("loss.cross-entropy", "loss.centre")]))
    start = draw(st.integers(0, 1_000_000))
    for i in range(draw(st.sampled_from([0, 1, 2, 300]))):
        scalars = {name: float(rng.choice(values)) for name in ("loss", *terms)}
        if draw(st.booleans()) if i < 3 else i % 2:
            scalars |= {name: float(rng.random()) for name in ("train_accuracy", "test_accuracy")}
        history.append(start + 8 * i, 0.1 * i, {**scalars, "rate": 0.1})
    return history


class Wishes(Struct, frozen=True, eq=False):
    """What a person has chosen beside a frame; ``options`` fit the view."""

    theme: Theme
    width: int
    height: int
    ratio: float
    color_mode: str
    hidden: tuple[int, ...]
    isolated: int | None
    selected: float
    seed: int
    images: bool
    options: Mapping[str, Any]


@st.composite
def wishes(draw: st.DrawFn, options: type[Struct]) -> Wishes:
    """Return any choices; ``options`` is the view's own table of them."""
    labels = st.integers(0, MOST_CLASSES - 1)
    return Wishes(
        theme=draw(st.sampled_from(tuple(THEMES.values()))),
        width=draw(st.sampled_from([1, 90, 300, 420, 1_300])),
        height=draw(st.sampled_from([1, 60, 200, 340, 900])),
        ratio=draw(st.sampled_from([1.0, 1.25, 2.0])),
        color_mode=draw(st.sampled_from(COLOR_MODES)),
        hidden=tuple(draw(st.lists(labels, max_size=12, unique=True))),
        isolated=draw(st.none() | labels),
        selected=draw(st.sampled_from([0.0, 0.02, 1.0])),
        seed=draw(seeds),
        images=draw(st.booleans()),
        options=draw(choices(options)),
    )


def choices(options: type[Struct]) -> st.SearchStrategy[dict[str, Any]]:
    """Return values for every option of a table, by its type; those of unknown types stay as they are."""
    module = inspect.getmodule(options)
    hints = typing.get_type_hints(options, vars(module))
    known = {field.name: values(field.name, hints[field.name]) for field in fields(options)}
    return st.fixed_dictionaries({name: strategy for name, strategy in known.items() if strategy is not None})


def values(name: str, hint: Any) -> st.SearchStrategy[Any] | None:
    """Return the values that an option of a name and type may have, None where that is not known here."""
    by_name: dict[str, st.SearchStrategy[Any]] = {
        "split": st.sampled_from([TEST, TRAIN]),
        "first": st.integers(0, MOST_CLASSES - 1),
        "second": st.integers(0, MOST_CLASSES - 1),
        "point_size": st.sampled_from([0.5, 2.0, 8.0]),
        "sphere": st.sampled_from([0, 35, 100]),
        "label": st.none() | st.integers(0, MOST_CLASSES - 1),
        "threshold": st.none() | st.sampled_from([0.0, 0.3, LARGEST]),
        "panels": st.lists(st.sampled_from(tuple(PANELS)), min_size=1, unique=True).map(tuple),
        "compare": st.lists(st.sampled_from(CURVED), max_size=6, unique=True).map(tuple),
    }
    if name in by_name:
        return by_name[name]
    if hint is bool:
        return st.booleans()
    if typing.get_origin(hint) is Literal:
        return st.sampled_from(typing.get_args(hint))
    return None
