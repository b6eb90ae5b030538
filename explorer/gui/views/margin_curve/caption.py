"""What stands above the margin curve: what the curve is of, and how many images lie beneath it."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.target_curve import AngleData, Lengths, TargetCurve
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import LossConfig


def caption_texts(
    loss: LossConfig,
    own: TargetCurve | None,
    lengths: Lengths,
    snapshot: Snapshot | None,
    data: AngleData | None,
    split: int,
) -> tuple[str, ...]:
    """Return what a curve stands for, and the images of a split in ``data``, the longest text first."""
    count = short = ""
    if snapshot is not None and data is not None:
        probe, test = snapshot.probe, split == TEST
        size, name = (probe.test_size, "test") if test else (probe.train_size, "training")
        count = f"filled: θ of {data.count:,} of {size:,} {name} images"
        short = f"{data.count:,}/{size:,} {name}"
    note = f"{loss.spec.title} has no curve" if own is None else _note(own, lengths, data)
    return tuple(
        " · ".join(filter(None, parts)) for parts in ((note, count), (note, short), (note or short,))
    )


def _note(own: TargetCurve, lengths: Lengths, data: AngleData | None) -> str:
    """Return what a curve stands for where that is not plain."""
    geometry = own.geometry
    if geometry.binary and (data is None or data.offset is None):
        return "no pull before its b is known"
    if geometry.by_length:
        if not lengths.measured:
            return "no lengths ‖x‖ yet: assumed"
        return f"at ‖x‖ {lengths.mean:.3g} ± {lengths.deviation:.2g} (shaded)"
    if own.annealed is not None:
        return f"at λ = {own.annealing:.3g} now · dashed: λ = {own.final_annealing:g}, where annealing ends"
    if own.final_annealing is not None:
        return f"at λ = {own.final_annealing:g}, where annealing has ended"
    if own.loss.spec.scale.initial is not None:
        if own.adapted:
            return f"pull at scale {own.scale:.3g}, as adapted so far"
        return f"pull at scale {own.scale:.3g}, where training starts"
    return geometry.note
