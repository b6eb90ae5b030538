"""What a script needs to know of a run: its settings, when they changed, and how long it was trained."""

from __future__ import annotations

from msgspec import Struct

from explorer.core.data.dataset import MNIST_MEAN, MNIST_SPREAD
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.core.settings.stressors import stressors_in
from explorer.core.texts import Text, text


class History(Struct, frozen=True):
    """The settings of a run up to a step.

    ``first`` are those at the start, with the loss of the end where it changed; ``config`` are those at the
    end. ``changes`` are the steps from which on others were in force, with these. ``notices`` say in what the
    script differs from the run; ``mean`` and ``spread`` are those of the bytes of the training images.
    """

    first: RunConfig
    config: RunConfig
    steps: int
    epochs: float
    version: str
    changes: tuple[tuple[int, RunConfig], ...] = ()
    notices: tuple[Text, ...] = ()
    mean: float = MNIST_MEAN
    spread: float = MNIST_SPREAD

    @classmethod
    def of(cls, recording: Recording, number: int) -> History:
        """Return the history of a run up to a frame; raises RecordingError if that is damaged."""
        config, end = recording.config(number), recording.steps[number]
        by_step = {change.step: change for change in recording.settings if change.step < end}
        settings = list(by_step.values())  # the last one of each step
        others = [place for place, one in enumerate(settings) if one.config.loss.name != config.loss.name]
        known = settings[others[-1] + 1 :] if others else settings
        notices: list[Text] = []
        if others and known:
            notices.append(
                text(
                    "The loss of this run changed at step {step:,}. The script trains with {loss} from the "
                    "start.",
                    step=known[0].step,
                    loss=text(config.loss.spec.title),
                )
            )
        parent = recording.header.parent
        if parent is not None:
            notices.append(
                text(
                    "This run continues another from step {step:,}. The script trains it from its seed with "
                    "the settings that it had then.",
                    step=parent.step,
                )
            )
        stressed = stressors_in([change.config.data for change in settings] or [config.data])
        if stressed:
            notices.append(
                text(
                    "This run was trained on data changed by stressors. The script trains on the "
                    "unchanged data, without {settings}, so its losses differ.",
                    settings=", ".join(stressed),
                )
            )
        first = known[0].config if known else config
        changes, before = [], first
        for change in known[1:]:
            after = change.config
            if (after.loss, after.optimizer) != (before.loss, before.optimizer):
                changes.append((change.step, after))
            before = after
        return cls(
            first=first,
            config=config,
            steps=end,
            epochs=end / recording.started.steps_per_epoch,
            version=recording.header.version,
            changes=tuple(changes),
            notices=tuple(notices),
            mean=recording.started.data.mean,
            spread=recording.started.data.spread,
        )
