"""The table of views: the window, its memory, its menus and the tests iterate over it.

A new view is a folder beside this file and a line in `VIEWS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.classes.view import ClassesView
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.margin_curve.view import MarginCurveView
from explorer.gui.views.quality.view import QualityView
from explorer.gui.views.samples.view import SamplesView
from explorer.gui.views.two_classes.view import TwoClassesView
from explorer.gui.views.verification.view import VerificationView
from explorer.gui.views.view import View

Group = Literal["central", "upper-right", "lower-right"]
"""Default position of a view: central, or in a stack of docks of which the first is in front."""


class ViewContext(Struct, frozen=True, eq=False):
    """The arguments of a view: the theme, and what the views of a run share."""

    theme: Theme
    state: ViewState
    images: ImageStore


class ViewSpec(Struct, frozen=True):
    """A view that a window can show.

    Parameters
    ----------
    id : str
        Key of its options in the file of what is remembered; never changes.
    title : str
        Name on screen, as a message id; Qt finds its dock in a remembered layout by it, in every language.
    build : callable
        Returns the view, with the default options.
    group : str
        Its initial place in the window.
    shortcut : str
        Key sequence that goes to it, empty for none.
    aliases : tuple of str
        What else a person may type to find it, in English.
    """

    id: str
    title: str
    build: Callable[[ViewContext], View[Any]]
    group: Group
    shortcut: str = ""
    aliases: tuple[str, ...] = ()


VIEWS: tuple[ViewSpec, ...] = (
    ViewSpec(
        id="features",
        title=FeaturesView.title,
        build=lambda context: FeaturesView(context.theme, context.state, context.images),
        group="central",
        shortcut="Ctrl+1",
    ),
    ViewSpec(
        id="angles",
        title=AnglesView.title,
        build=lambda context: AnglesView(context.theme, context.state),
        group="upper-right",
        shortcut="Ctrl+3",
        aliases=("histogram", "rose"),
    ),
    ViewSpec(
        id="margin-curve",
        title=MarginCurveView.title,
        build=lambda context: MarginCurveView(context.theme),
        group="upper-right",
        shortcut="Ctrl+4",
    ),
    ViewSpec(
        id="two-classes",
        title=TwoClassesView.title,
        build=lambda context: TwoClassesView(context.theme, context.state),
        group="upper-right",
        shortcut="Ctrl+5",
        aliases=("decision boundary",),
    ),
    ViewSpec(
        id="verification",
        title=VerificationView.title,
        build=lambda context: VerificationView(context.theme, context.state, context.images),
        group="upper-right",
        shortcut="Ctrl+Shift+V",
        aliases=("roc", "eer"),
    ),
    ViewSpec(
        id="curves",
        title=CurvesView.title,
        build=lambda context: CurvesView(context.theme),
        group="lower-right",
        shortcut="Ctrl+6",
        aliases=("accuracy", "metrics", "learning curve"),
    ),
    ViewSpec(
        id="classes",
        title=ClassesView.title,
        build=lambda context: ClassesView(context.theme),
        group="lower-right",
        shortcut="Ctrl+7",
        aliases=("confusion matrix",),
    ),
    ViewSpec(
        id="samples",
        title=SamplesView.title,
        build=lambda context: SamplesView(context.theme, context.state, context.images),
        group="lower-right",
        shortcut="Ctrl+8",
        aliases=("gallery", "hardest images"),
    ),
    ViewSpec(
        id="quality",
        title=QualityView.title,
        build=lambda context: QualityView(context.theme, context.state),
        group="lower-right",
        shortcut="Ctrl+Shift+U",
    ),
    ViewSpec(
        id="draw",
        title=DrawView.title,
        build=lambda context: DrawView(context.theme, context.state, context.images),
        group="lower-right",
        shortcut="Ctrl+9",
        aliases=("draw digit", "handwriting"),
    ),
)
"""All views: the first of a group is in front; the central one is drawn for every frame."""
