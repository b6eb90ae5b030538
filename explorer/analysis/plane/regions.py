"""Regions: decision regions and margin bands of a snapshot in the plane, for every kind of head."""

from __future__ import annotations

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.plane.bands import margin_bands
from explorer.analysis.plane.geometry import Division, Rectangle
from explorer.analysis.plane.length_bands import length_bands
from explorer.analysis.plane.wedges import wedge_regions


def division(snapshot: Snapshot, view: Rectangle, pixel: float, *, bands: bool = True) -> Division:
    """Return the regions and bands of a snapshot of features in the plane.

    Parameters
    ----------
    snapshot : Snapshot
        With features (n, 2).
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel in the units of the view. Straight borders are exact; curved ones are polylines
        accurate to a fraction of a pixel.
    bands : bool
        Whether to return margin bands.
    """
    head = head_of(snapshot)
    wedges = head.wedges()
    if wedges is None:
        return head.cells(view, pixel, bands=bands)
    regions = wedge_regions(wedges, view)
    margin = TrainingMargin.of(snapshot) if bands else None
    if margin is None:
        return Division(regions, [])
    if margin.lengths:
        return Division(regions, length_bands(wedges, margin, view, pixel))
    return Division(regions, wedge_regions(margin_bands(wedges, margin), view, borders=False))
