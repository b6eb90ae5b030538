"""States between two frames of a run, to animate points where frames are rare."""

from __future__ import annotations

from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Floats, Snapshot


def joined(start: Snapshot | None, end: Snapshot | None) -> bool:
    """Return whether two frames may be interpolated: same images and settings, and a later step.

    After a change of settings the next frame is shown immediately.
    """
    return (
        start is not None
        and end is not None
        and start.probe is end.probe
        and start.features.shape == end.features.shape
        and start.step < end.step
        and start.config == end.config
    )


def between(start: Snapshot, end: Snapshot, share: float) -> Snapshot:
    """Return the state after ``share`` of the way between two `joined` frames.

    At 0 and below, and at 1 and above, it is the frame itself: nothing is ever extrapolated. In between,
    features, class weights, biases, centres, radius and variances are blended linearly.
    """
    if share <= 0:
        return start
    if share >= 1:
        return end
    radius = end.radius
    if start.radius is not None and end.radius is not None:
        radius = start.radius + share * (end.radius - start.radius)
    return replace(
        end,
        since=start.step,
        features=start.features + share * (end.features - start.features),
        weight=_blend(start.weight, end.weight, share),
        bias=_blend(start.bias, end.bias, share),
        centers=_blend(start.centers, end.centers, share),
        log_variance=_blend(start.log_variance, end.log_variance, share),
        radius=radius,
    )


def _blend(start: Floats | None, end: Floats | None, share: float) -> Floats | None:
    if start is None or end is None or start.shape != end.shape:
        return end
    return start + share * (end - start)
