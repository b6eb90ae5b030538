"""What stands above the margin curve: what the curve is of, and how many images lie beneath it."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.pull import AngleData, Lengths
from explorer.core.losses.margin_geometry import depends_on_length
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import LossConfig


def caption_texts(
    loss: LossConfig, lengths: Lengths, snapshot: Snapshot | None, data: AngleData | None, split: int
) -> tuple[str, ...]:
    """Return what a curve stands for, and the images of a split in ``data``, the longest text first."""
    count = short = ""
    if snapshot is not None and data is not None:
        probe, test = snapshot.probe, split == TEST
        size, name = (probe.test_size, "test") if test else (probe.train_size, "training")
        count = f"filled: θ of {data.count:,} of {size:,} {name} images"
        short = f"{data.count:,}/{size:,} {name}"
    note = _note(loss, lengths)
    if loss.name == "sphereface2" and (data is None or data.offset is None):
        note = "no pull before its b is known"
    return tuple(
        " · ".join(filter(None, parts)) for parts in ((note, count), (note, short), (note or short,))
    )


def _note(loss: LossConfig, lengths: Lengths) -> str:
    """Return what a curve stands for where that is not plain."""
    if not loss.spec.curve:
        return f"{loss.spec.title} has no curve"
    if depends_on_length(loss.name):
        if not lengths.measured:
            return "no lengths ‖x‖ yet: assumed"
        return f"at ‖x‖ {lengths.mean:.3g} ± {lengths.deviation:.2g} (shaded)"
    if "annealing" in loss.params:
        return f"at λ {loss.params['annealing']:g}, where annealing ends"
    if loss.name == "elasticface":
        return "at the mean margin"
    if loss.name == "adacos":
        return "pull at the scale that AdaCos starts with"
    if loss.name == "curricularface":
        return "before any class is raised as hard"
    return ""
