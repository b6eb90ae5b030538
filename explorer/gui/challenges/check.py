"""CheckSession: runs the parts of a result again, and tells whether the same comes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.selection import Rows
from explorer.core.params import Value
from explorer.core.recording.header import Parent
from explorer.core.texts import Text, _, text
from explorer.gui.challenges.judging import Attempt, Judgement, RunTrace, figures_of, goals, judged
from explorer.gui.challenges.making import why_different
from explorer.gui.challenges.panel import ChallengePanel
from explorer.gui.challenges.result import ChallengeResult, RepeatedPart, ResultError, repeated_parts
from explorer.gui.challenges.session import ChallengePlace
from explorer.gui.challenges.wording import figure_text, precise
from explorer.gui.guides.guide import Guide
from explorer.gui.guides.session import Session
from explorer.gui.guides.stage import Stage
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.problem import Problem

if TYPE_CHECKING:
    from explorer.gui.app import App

_CLOSE = 1e-4
"""Figures that differ by a smaller fraction are the same: six digits of each are written."""


class CheckSession(Session):
    """Repeats a result in a window, part by part, each from its seed, and says whether it comes out.

    Parameters
    ----------
    app : App
        The program in whose window it is.
    guide : Guide
        The challenge that the result is of.
    place : ChallengePlace
        With the result.

    Attributes
    ----------
    done : bool
        Whether it is known what came of it.
    """

    place: ChallengePlace

    def __init__(self, app: App, guide: Guide, stage: Stage, place: ChallengePlace) -> None:
        super().__init__(app, guide, stage, place)
        self.panel = ChallengePanel(_("Check: {title}").format(title=guide.title), _("Check again"))
        app.window.center.add_card(self.panel)
        self.panel.againRequested.connect(self.try_again)
        self.panel.leaveRequested.connect(self.leave)
        self.panel.linkRequested.connect(stage.show_target)
        self._parts: tuple[RepeatedPart, ...] = ()
        self._attempt = Attempt()
        self._differences: list[str] = []
        self._wanted: Continuation | None = None
        self.done = False
        app.run.continued.connect(self._on_continued)
        app.run.restoreFailed.connect(self._on_restore_failed)
        app.run.stateChanged.connect(self._on_state_changed)

    def begin(self) -> None:
        """Set the program to its defaults, and check."""
        self.stage.reset()
        self.try_again()

    def resume(self) -> None:
        """Check again: nothing of it is lost with another language."""
        self.try_again()

    def try_again(self) -> None:
        """Repeat the result from its first part on."""
        result = self._given
        own: dict[str, Value] = {"threads": result.threads}
        own["device"] = "cpu" if result.device == "cpu" else self._app.run.config.device
        self._attempt, self._differences, self.done = Attempt(), [], False
        self._wanted = None
        self._app.viewer.show_live()
        self.panel.show_text(self._account(), "")
        try:
            self._parts = repeated_parts(result, own)
        except ResultError as error:
            self._end([str(error)], good=False)
            return
        if len(self._parts) != len(goals(self.guide)):
            words = _("This result has {found} of {count} parts of the challenge.")
            self._end([words.format(found=len(self._parts), count=len(goals(self.guide)))], good=False)
            return
        self._repeat(0)

    def verdict_reason(self) -> str:
        """Return why the figures can be others here than in the result."""
        started = self._app.run.started
        reason = None if started is None else why_different(self._given, started)
        return str(reason or _not_explained())

    def leave(self) -> None:
        """Leave the check."""
        self.ended.emit(self.done)

    def close(self) -> None:
        """Show the check no longer."""
        self.panel.hide()
        self.panel.deleteLater()
        self.deleteLater()

    @property
    def _given(self) -> ChallengeResult:
        assert self.place.result is not None, "it is opened with a result"
        return self.place.result

    def _account(self) -> str:
        """Return what the result says of itself."""
        result = self._given
        words = _(
            "Passed with {images:,} of {limit:,} images, in Loss Explorer {version} with PyTorch {torch}. "
            "Every part is run again here with the same seed, settings and changes."
        )
        return words.format(
            images=result.images, limit=result.limit, version=result.version, torch=result.torch
        )

    def _repeat(self, number: int) -> None:
        """Bring the run of a part to its frame."""
        part, given = self._parts[number], self._given.parts[number]
        words = _("Repeating part {part} of {count} up to step {step:,}…")
        self.panel.show_progress(
            [words.format(part=number + 1, count=len(self._parts), step=given.step)], "plain"
        )
        continuation = Continuation(
            parent=Parent("", given.step),
            elapsed=0.0,
            config=part.config,
            start=0,
            checkpoint=b"",
            first=part.first,
            changes=part.changes,
            threads=self._given.threads,
            data_digest=self._given.data_digest,
            caution=None,
        )
        self._app.run.continue_from(continuation)
        self._wanted = continuation  # only now: until then another state may be told

    def _on_continued(self, _continuation: Continuation) -> None:
        """Compare the frame with the part, and go on with the next one."""
        number = len(self._attempt.parts)
        if self.done or number >= len(self._parts):
            return
        given, part = self._given.parts[number], self._parts[number]
        begun = sum(earlier.settings is not None for earlier in self._given.parts[: number + 1])
        conditions = goals(self.guide)[number]
        snapshot = self._app.run.snapshot
        assert snapshot is not None, "it has just come"
        rows: Rows = np.array([row for row in given.selected if row < len(snapshot.features)], np.intp)
        now = replace(self.stage.situation(conditions, 0), rows=rows)
        judgement = judged(self.guide, self._attempt, now, RunTrace(str(begun), part.first, part.changes))
        self._compare(number, given.figures, figures_of(conditions, judgement.now or now))
        passed = len(judgement.attempt.parts) > number
        self._attempt = judgement.attempt
        if not passed:
            self._end(self._verdict(judgement), good=False)
        elif number + 1 < len(self._parts):
            self._repeat(number + 1)
        else:
            self._app.pane.state.select(rows)
            self._end(self._verdict(judgement), good=True)

    def _compare(self, number: int, told: Mapping[str, float], found: Mapping[str, float]) -> None:
        """Note which figures of a part are others here."""
        for key in (*found, *(key for key in told if key not in found)):
            one, other = told.get(key, math.nan), found.get(key, math.nan)
            if not math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE**2):
                words = _("{figure} {found} instead of {told}").format(
                    figure=figure_text(key), found=precise(key, other), told=precise(key, one)
                )
                if len(self._parts) > 1:
                    words = _("part {part}: {sentence}").format(part=number + 1, sentence=words)
                self._differences.append(words)

    def _verdict(self, judgement: Judgement) -> list[str]:
        """Return whether the result came out, and if not, where it differs and why that can be."""
        passed = judgement.phase == "passed"
        if passed and not self._differences:
            return [_("✓ Same result. Passed.")]
        lines = [
            _("Passed here, too, but not the same result.")
            if passed
            else _("Not passed here: {missing}.").format(missing=self._missing(judgement))
        ]
        if self._differences:
            lines.append(_("Different: {figures}.").format(figures=_(", ").join(self._differences)))
        lines.append(self.verdict_reason())
        return lines

    def _missing(self, judgement: Judgement) -> str:
        if judgement.barred:
            return _("settings were changed that must stay the same")
        if judgement.phase == "barred":
            return _("the run was changed before the challenge begins")
        missing = [str(progress.text) for progress in judgement.found if not progress.met]
        return _(", ").join(missing) or _("more images than the limit")

    def _end(self, lines: list[str], *, good: bool) -> None:
        self.done = True
        self.panel.show_progress(lines, "good" if good and not self._differences else "bad")

    def _on_restore_failed(self, problem: Problem) -> None:
        self._end([str(problem.text)], good=False)

    def _on_state_changed(self) -> None:
        """Say that the check was interrupted, where the person has asked something else of the run."""
        run, wanted = self._app.run, self._wanted
        if self.done or wanted is None or run.restoring is not None:
            return
        if run.checkpoints is None or run.checkpoints.parent is not wanted.parent:
            self._end([_("The check was interrupted.")], good=False)


def _not_explained() -> Text:
    return text(
        "Program, PyTorch and machine are the same: the result does not belong to these settings and changes."
    )
