"""Making the result of an attempt that passed, and telling why it can come out differently elsewhere."""

from __future__ import annotations

from explorer.analysis.frames.setting_changes import without_superseded
from explorer.core.protocol.messages import Started
from explorer.core.recording.header import RunHeader
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.challenges.judging import Attempt, DonePart
from explorer.gui.challenges.result import ChallengeResult, ResultPart, change_between, settings_of
from explorer.gui.guides.guide import Guide
from explorer.gui.session.continuation import caution


def result_of(guide: Guide, attempt: Attempt, started: Started, header: RunHeader) -> ChallengeResult:
    """Return the result of an attempt that passed.

    Parameters
    ----------
    guide : Guide
        The challenge.
    attempt : Attempt
        All its parts are done.
    started : Started
        What announced the run of the last one.
    header : RunHeader
        Describes that run.
    """
    assert guide.challenge is not None, "the guide is a challenge"
    last = attempt.parts[-1]
    return ChallengeResult(
        challenge=guide.id,
        title=guide.title,
        images=last.images,
        limit=guide.challenge.limit,
        version=header.version,
        torch=header.torch,
        machine=header.machine,
        device=started.device,
        threads=started.threads,
        data_digest=header.data_digest,
        parts=tuple(
            _part(part, before) for part, before in zip(attempt.parts, (None, *attempt.parts), strict=False)
        ),
    )


def why_different(result: ChallengeResult, started: Started) -> Text | None:
    """Return why the figures of a result can come out differently here; None where they should not."""
    if result.device != "cpu":
        return text("It was trained on a GPU, where repeated figures can differ in the last digits.")
    header = RunHeader(
        run="",
        config=RunConfig(),
        version=result.version,
        created="",
        machine=result.machine,
        torch=result.torch,
    )
    return caution(started, header)


def _part(part: DonePart, before: DonePart | None) -> ResultPart:
    """Return a part with what happened since the one before, where that is of the same run."""
    goes_on = before is not None and before.trace.run == part.trace.run
    config = before.config if before is not None and goes_on else part.trace.first
    known = len(before.trace.changes) if before is not None and goes_on else 0
    changes = []
    for change in without_superseded(part.trace.changes[known:]):
        changes.append(change_between(change.step, config, change.config))
        config = change.config
    return ResultPart(
        step=part.step,
        settings=None if goes_on else settings_of(part.trace.first),
        changes=tuple(changes),
        selected=part.selected,
        figures=dict(part.figures),
    )
