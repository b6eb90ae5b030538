"""NeighbourStrip: the images nearest to the drawing, in a row."""

from __future__ import annotations

from explorer.analysis.statistics.drawn_digit import NEAREST, DrawnDigit, Nearest
from explorer.analysis.statistics.samples import image_text
from explorer.core.data.datasets import Bytes
from explorer.core.protocol.messages import TEST
from explorer.core.texts import _
from explorer.gui.plots.gallery import GalleryStrip, Tile
from explorer.gui.plots.hover_card import degrees
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme


def nearest_texts(nearest: Nearest) -> tuple[str, ...]:
    """Return of how many images the neighbours are the nearest, and by what measure, longest first."""
    brief = _("Nearest of {count:,} test images")
    full = _("Nearest of {count:,} test images (Euclidean)")
    by_angle = _("Nearest of {count:,} test images (by angle)")
    if nearest.split != TEST:
        brief = _("Nearest of {count:,} training images")
        full = _("Nearest of {count:,} training images (Euclidean)")
        by_angle = _("Nearest of {count:,} training images (by angle)")
    patterns = by_angle if nearest.by_angle else full, brief
    return tuple(pattern.format(count=nearest.count) for pattern in patterns)


class NeighbourStrip(GalleryStrip):
    """Thumbnails of the nearest images."""

    caption_room = "00"
    fitting = NEAREST

    def __init__(self, theme: Theme, state: ViewState) -> None:
        super().__init__(theme)
        self._state = state
        self.setAccessibleName(_("Nearest images"))
        state.selectionChanged.connect(self._on_selection_changed)

    def show_nearest(self, digit: DrawnDigit, nearest: Nearest, pixels: Bytes | None, theme: Theme) -> None:
        """Show the neighbours of a drawn digit; ``pixels`` are by row of the snapshot, None until read."""
        probe = digit.snapshot.probe
        short, tiles = probe.short_names(), []
        for row, gap in zip(nearest.rows.tolist(), nearest.gaps.tolist(), strict=True):
            away = degrees(gap) if nearest.by_angle else f"{gap:.3g}"
            label = int(probe.labels[row])
            words = _("{image}: class {label}, {gap} away").format(
                image=image_text(probe, row), label=probe.name(label), gap=away
            )
            tiles.append(Tile((row,), short[label], words, False, (label,)))
        self.show_tiles(tiles, pixels, theme)
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        self.show_chosen(self._state.selection.mask)
