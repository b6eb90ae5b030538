"""Events of the prediction rule: another loss or setting classifies the same features differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.events.observation import Observed
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.head import PARTS, Head, Part
from explorer.analysis.heads.registry import head_of
from explorer.core.recording.header import RunEvent
from explorer.core.texts import N_, Text, text

LEAST = 0.01
"""Fraction of the images that become right or wrong with the rule, below which there is no event."""
_EXPLAINED = 0.9
"""Fraction of these images for which leaving out a part of the scores must do what the other rule does."""

Right = NDArray[np.bool_]

_GONE: Mapping[tuple[Part, ...], str] = MappingProxyType(
    {
        ("biases",): N_(
            "Biases no longer count: {lost:.1%} of the images were right only because of them, "
            "{won:.1%} wrong."
        ),
        ("lengths",): N_(
            "Lengths of class weights no longer count: {lost:.1%} of the images were right only because of "
            "them, {won:.1%} wrong."
        ),
        PARTS: N_(
            "Lengths and biases no longer count: {lost:.1%} of the images were right only because of them, "
            "{won:.1%} wrong."
        ),
    }
)
_COME: Mapping[tuple[Part, ...], str] = MappingProxyType(
    {
        ("biases",): N_(
            "Biases count now: {won:.1%} of the images are right only because of them, {lost:.1%} wrong."
        ),
        ("lengths",): N_(
            "Lengths of class weights count now: {won:.1%} of the images are right only because of them, "
            "{lost:.1%} wrong."
        ),
        PARTS: N_(
            "Lengths and biases count now: {won:.1%} of the images are right only because of them, "
            "{lost:.1%} wrong."
        ),
    }
)


class _Flips(Struct, frozen=True, eq=False):
    """Which observed images (n,) are right by the rule before and by that afterwards."""

    before: Right
    after: Right

    @property
    def lost(self) -> float:
        """Fraction of the images that become wrong."""
        return float((self.before & ~self.after).mean())

    @property
    def won(self) -> float:
        """Fraction of the images that become right."""
        return float((self.after & ~self.before).mean())


class RuleEvents:
    """Finds how much of a change of accuracy is due to the rule alone: network and features are the same."""

    def __init__(self, first: Snapshot) -> None:
        self._last = first

    def take(self, snapshot: Snapshot) -> Iterator[RunEvent]:
        """Yield what the first frame with other settings shows."""
        before, self._last = self._last, snapshot
        if before.config.loss == snapshot.config.loss:
            return
        sentence = _explanation(before, snapshot)
        if sentence is not None:
            yield RunEvent(snapshot.step, "rule", sentence)


@np.errstate(invalid="ignore", over="ignore")
def _explanation(before: Snapshot, after: Snapshot) -> Text | None:
    """Return why images are classified differently, None where few are.

    The features are those before. Of the classifiers afterwards, one may have arrays that there were none of
    before, so all are those of the frame afterwards.
    """
    part = trained_part(before)
    observed = Observed.of(part.probe)
    if not len(observed.rows):
        return None
    points = part.features[observed.rows]

    def right(head: Head) -> Right:
        result: Right = head.scores(points).argmax(axis=1) == observed.labels
        return result

    old, new = head_of(part), head_of(replace(trained_part(after), features=part.features))
    flips = _Flips(right(old), right(new))
    if max(flips.lost, flips.won) < LEAST:
        return None
    if old.rows is None and new.rows is not None:
        return text(
            "The loss begins with untrained class weights: {lost:.1%} of the images were right by {rule}.",
            lost=flips.lost,
            rule=text(old.rule),
        )
    return _of_parts(old, new, flips, right) or _of_rules(old, new, flips)


def _of_parts(old: Head, new: Head, flips: _Flips, right: Callable[[Head], Right]) -> Text | None:
    """Return which parts of the scores no longer count, or count now, where that explains the flips."""
    flipped = flips.before != flips.after
    for fuller, plainer, wanted, words in ((old, new, flips.after, _GONE), (new, old, flips.before, _COME)):
        for parts, plain in _without_parts(fuller, plainer):
            if (right(plain) == wanted)[flipped].mean() >= _EXPLAINED:
                return text(words[parts], lost=flips.lost, won=flips.won)
    return None


def _of_rules(old: Head, new: Head, flips: _Flips) -> Text | None:
    """Return by what classes are predicted now, None where by the same as before."""
    if old.kind is new.kind:
        return None
    return text(
        "Classes are now predicted by {new}, no longer by {old}: {lost:.1%} of the images were right only by "
        "the old rule, {won:.1%} are right only by the new one.",
        new=text(new.rule),
        old=text(old.rule),
        lost=flips.lost,
        won=flips.won,
    )


def _without_parts(fuller: Head, plainer: Head) -> Iterator[tuple[tuple[Part, ...], Head]]:
    """Yield what counts in the scores of one classifier but not of another, and the first without it.

    The single parts come before both.
    """
    only = [part for part in PARTS if fuller.without(part) is not None and plainer.without(part) is None]
    bare = fuller
    for part in only:
        yield (part,), fuller.without(part) or fuller
        bare = bare.without(part) or bare
    if len(only) == len(PARTS):
        yield PARTS, bare
