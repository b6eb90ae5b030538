"""What a data set may need: memory, and numbers of classes and pixels."""

from __future__ import annotations

from explorer.core.data.dataset import DatasetError

LEAST_SIDE, MOST_SIDE = 8, 256
"""Limits of height and width of images, in pixels."""
MOST_LABEL = 99_999
"""The highest label in files; those that occur are counted from 0."""
_SMALL = 1 << 27
_COPIES = 2
"""The arrays that are read, and their copy on the device."""
_GIGA = 1e9


def require_memory(size: int, file: object) -> None:
    """Refuse images of ``size`` bytes for which there is not enough memory free.

    Raises
    ------
    DatasetError
        If they do not fit into memory twice, as training needs it.
    """
    if size < _SMALL:
        return
    import psutil  # only here: most data sets are small

    free = psutil.virtual_memory().available
    if _COPIES * size > free:
        raise DatasetError(
            "{file}: these images need {needed:.1f} GB of memory, and {free:.1f} GB are free. Close other "
            "programs, or use fewer images.",
            file=file,
            needed=_COPIES * size / _GIGA,
            free=free / _GIGA,
        )
