"""TimelineState: what the timeline shows, and where its commands lead."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from explorer.core.texts import N_, Text, _


class TimelineMark(NamedTuple):
    """A change of settings or an event: its step, and what happened."""

    step: float
    text: str | Text


class TimelineState(Struct, frozen=True, kw_only=True):
    """What the timeline shows.

    Parameters
    ----------
    steps : sequence of float
        Step of each frame that can be shown, ascending; or epoch, or images seen, as ``unit`` says.
    index : int
        The frame that is shown; -1 where there is none.
    marks : tuple of TimelineMark
        Changes of settings.
    events : tuple of TimelineMark
        What was found in the frames.
    recorded : bool
        Whether the run is a recording.
    following : bool
        Whether the newest frame is shown, and the next once it is there.
    playing : bool
        Whether it goes on from frame to frame by itself.
    unit : {"step", "epoch", "images"}
        What ``steps`` and the places of marks are.
    """

    steps: Sequence[float] = ()
    index: int = -1
    marks: tuple[TimelineMark, ...] = ()
    events: tuple[TimelineMark, ...] = ()
    recorded: bool = False
    following: bool = True
    playing: bool = False
    unit: Literal["step", "epoch", "images"] = "step"

    @property
    def first_step(self) -> float:
        """Step of the first frame, 0 without one; a continued run begins where the other was."""
        return self.steps[0] if self.steps else 0

    @property
    def last_step(self) -> float:
        """Step of the newest frame, 0 without one."""
        return self.steps[-1] if self.steps else 0

    @property
    def step(self) -> float:
        """Step of the frame that is shown, 0 without one."""
        return self.steps[self.index] if 0 <= self.index < len(self.steps) else 0

    @property
    def text(self) -> str:
        """Which frame is shown, in words."""
        if not self.steps:
            return _("No frames yet")
        if self.following and not self.recorded:
            return _("Newest frame")
        step, last = self.step, self.last_step
        if self.unit == "epoch":
            return _("Viewing epoch {epoch:,.2f} of {last:,.2f}").format(epoch=step, last=last)
        if self.unit == "images":
            return _("After {image:,.0f} of {last:,.0f} images").format(image=step, last=last)
        sentence = (
            N_("Step {step:,.0f} of {last:,.0f}")
            if self.recorded
            else N_("Viewing step {step:,.0f} of {last:,.0f}")
        )
        return _(sentence).format(step=step, last=last)

    def place_text(self, step: float) -> str:
        """Return a place on the timeline in words."""
        if self.unit == "epoch":
            return _("Epoch {epoch:,.2f}").format(epoch=step)
        if self.unit == "images":
            return _("After {image:,.0f} images").format(image=step)
        return _("Step {step:,.0f}").format(step=step)

    def nearest(self, step: float) -> int:
        """Return the index of the frame nearest to a step."""
        after = bisect_left(self.steps, step)
        if after == len(self.steps):
            return after - 1
        if after and step - self.steps[after - 1] < self.steps[after] - step:
            return after - 1
        return after

    def frame_after(self, mark: TimelineMark) -> int:
        """Return the index of the first frame that was trained with what changed at a mark."""
        # The step after that of the mark is the first to train with it.
        return min(bisect_right(self.steps, mark.step), len(self.steps) - 1)


def target(command: str, state: TimelineState) -> int | None:
    """Return the frame to which a command of the timeline leads; None where it leads nowhere."""
    if not state.steps:
        return None
    marked = {state.frame_after(mark) for mark in state.marks} | {
        state.nearest(event.step) for event in state.events
    }
    match command.removeprefix("timeline."):
        case "back":
            return bisect_left(state.steps, state.step) - 1 if state.index > 0 else None
        case "forward":
            return state.index + 1
        case "previous-mark":
            return max((frame for frame in marked if frame < state.index), default=0)
        case "next-mark":
            return min((frame for frame in marked if frame > state.index), default=len(state.steps) - 1)
        case "first":
            return 0
        case "last":
            return len(state.steps) - 1
        case _:
            return None
