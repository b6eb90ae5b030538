"""How a widget looks, as one number to a pixel, to be compared with a colour."""

from __future__ import annotations

import numpy as np
from gui.views.drawn import pixels
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from explorer.gui.views.view import View


def picture(widget: QWidget) -> NDArray[np.uint32]:
    """Return the pixels (height, width) of a widget, 0xRRGGBB, with all that is computed for it."""
    for view in (widget, *widget.findChildren(View)):
        if isinstance(view, View):
            view.finish_content()
    red, green, blue = np.moveaxis(pixels(widget.grab().toImage()).astype(np.uint32), 2, 0)
    return red << 16 | green << 8 | blue
