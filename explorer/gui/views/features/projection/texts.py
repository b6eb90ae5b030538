"""What the caption says of a projection."""

from __future__ import annotations

import math

from explorer.analysis.margins.class_pairs import chosen_pair
from explorer.analysis.projection.projection import Projection
from explorer.core.texts import N_, _
from explorer.gui.views.features.content import Content, FeatureOptions

_KINDS = {
    "tour": N_("grand tour of {dim}-D"),
    "pca": N_("principal components of {dim}-D"),
    "pair": N_("{first} against {second} in {dim}-D"),
}


def projection_notes(content: Content, options: FeatureOptions) -> list[tuple[str, str]]:
    """Return which projection is seen and how much of the spread it shows, in full and in short."""
    projection = content.projection
    if projection is None:
        return []
    probe, (dim, _count) = content.snapshot.probe, projection.dimensions
    words = _(_KINDS[projection.kind])
    if projection.kind == "pair":
        first, second = chosen_pair(options.first, options.second, probe)
        names = {"first": probe.name(first), "second": probe.name(second)}
        what = words.format(dim=dim, **names)
    else:
        what = words.format(dim=dim)
    share = share_text(projection)
    notes = [(f"{what}: {share}", f"{dim}-D: {share}")]
    if options.regions:
        notes.append(_region_note(projection))
    return notes


def share_text(projection: Projection) -> str:
    """Return how much of the spread a projection shows."""
    if math.isnan(projection.share):
        return _("no spread")
    return _("{share:.0%} of the spread").format(share=projection.share)


def _region_note(projection: Projection) -> tuple[str, str]:
    if projection.kind == "pair" and projection.sides is not None and projection.dimensions[1] == 2:
        return _("regions: only these two classes compared"), _("regions: these two")
    if projection.kind == "pair" and projection.dimensions[1] == 2:
        return _("regions left out: this boundary is not straight"), ""
    return _("regions left out: they do not lie in this plane"), ""
