"""Caption of the margin curve: for what the curve holds, and how many images the histogram has."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.target_curve import AngleData, Lengths, TargetCurve
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import LossConfig
from explorer.core.texts import _


def caption_texts(
    loss: LossConfig,
    own: TargetCurve | None,
    lengths: Lengths,
    snapshot: Snapshot | None,
    data: AngleData | None,
    split: int,
) -> tuple[str, ...]:
    """Return for what a curve holds, and the number of images of a split in ``data``; longest first."""
    count = short = ""
    if snapshot is not None and data is not None:
        probe, test = snapshot.probe, split == TEST
        size = probe.test_size if test else probe.train_size
        patterns = (
            (_("filled: θ of {count:,} of {size:,} test images"), _("{count:,}/{size:,} test"))
            if test
            else (_("filled: θ of {count:,} of {size:,} training images"), _("{count:,}/{size:,} training"))
        )
        count, short = (pattern.format(count=data.count, size=size) for pattern in patterns)
    if own is None:
        note = _("{loss} has no curve").format(loss=_(loss.spec.title))
    else:
        note = _note(own, lengths, data)
    return tuple(
        " · ".join(filter(None, parts)) for parts in ((note, count), (note, short), (note or short,))
    )


def _note(own: TargetCurve, lengths: Lengths, data: AngleData | None) -> str:
    """Return for what a curve holds, where that is not obvious."""
    geometry = own.geometry
    if geometry.binary and (data is None or data.offset is None):
        return _("no pull until the bias b is known")
    if geometry.by_length:
        if not lengths.measured:
            return _("feature lengths ‖x‖ assumed until there are data")
        return _("at ‖x‖ = {mean:.3g} ± {deviation:.2g} (shaded)").format(
            mean=lengths.mean, deviation=lengths.deviation
        )
    if own.annealed is not None:
        return _("at λ = {now:.3g} now · dashed: λ = {final:g}, where annealing ends").format(
            now=own.annealing, final=own.final_annealing
        )
    if own.final_annealing is not None:
        return _("at λ = {final:g}, where annealing has ended").format(final=own.final_annealing)
    if own.loss.spec.scale.initial is not None:
        if own.adapted:
            return _("pull at the current adaptive scale {scale:.3g}").format(scale=own.scale)
        return _("pull at the initial scale {scale:.3g}").format(scale=own.scale)
    return _(geometry.note)
