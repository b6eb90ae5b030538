"""What ``loss-explorer train`` prints: a progress bar for people, or JSON lines for programs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from explorer.core.class_sets import named_classes
from explorer.core.data.dataset import Progress, no_progress
from explorer.core.protocol import messages as m
from explorer.core.texts import Text, _, plural

if TYPE_CHECKING:
    from explorer.core.recording.writer import RecordingWriter


_WIDE, _NARROW_BAR = 120, 10
"""Columns of a terminal from which progress is told in full, and of the bar where it has fewer: then all of
it fits 60."""


class Report:
    """Takes the events of a run, as a context manager.

    Parameters
    ----------
    recording : RecordingWriter, optional
        Records the run. If it stops before the run does, a line on standard error says so at once.

    Attributes
    ----------
    error : Text, optional
        Why the run failed.
    bad_input : bool
        Whether it failed because of what was asked for, such as a data set that cannot be read.
    recording_lost : bool
        Whether the recording stopped before the run.
    unseen : str
        The names of the classes left out of training, of whose images there is no accuracy.
    """

    def __init__(self, recording: RecordingWriter | None = None) -> None:
        self.error: Text | None = None
        self.bad_input = False
        self.recording_lost = False
        self.unseen = ""
        self._recording = recording

    def handle(self, event: m.Event) -> None:
        """Handle an event."""
        match event:
            case m.Started():
                self.unseen = named_classes(event.unseen, event.data.class_names)
                for note in event.data.notes:
                    print(f"loss-explorer: {event.data.title}: {note}", file=sys.stderr)
            case m.Failed(what=what):
                self.error = what
                self.bad_input = bool(event.remedy) and not event.traceback  # settings are to blame
            case m.Notice(kind="diverged"):
                self.error = event.text
            case m.Frame():
                self.frame(event)
            case m.Finished():
                self.finished(event)
            case _:
                pass
        self.check_recording()

    def check_recording(self) -> None:
        """Say once that the recording has stopped, if it has."""
        if self._recording is not None and not self.recording_lost:
            error = self._recording.status.error
            if error is not None:
                self.recording_lost = True
                print(f"loss-explorer: {error}", file=sys.stderr)

    def frame(self, frame: m.Frame) -> None:
        """Show a frame."""

    def finished(self, finished: m.Finished) -> None:
        """Show the end."""

    def __enter__(self) -> Self:
        """Begin the output."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Restore the terminal."""


class JsonReport(Report):
    """One JSON object per frame on standard output, the summary last, with the warnings about settings."""

    def __init__(self, recording: RecordingWriter | None = None, warnings: Sequence[str] = ()) -> None:
        super().__init__(recording)
        self._warnings = list(warnings)
        self._margin_accuracy: float | None = None

    def frame(self, frame: m.Frame) -> None:
        """Print a frame."""
        self._margin_accuracy = frame.scalars.get("margin_accuracy")
        self._print(
            step=frame.step,
            epoch=round(frame.epoch, 6),
            elapsed=round(frame.elapsed, 4),
            samples_per_second=round(frame.samples_per_second, 1),
            loss=frame.scalars["loss"],
            train_accuracy=frame.scalars["train_accuracy"],
            margin_accuracy=self._margin_accuracy,
            test_accuracy=frame.scalars["test_accuracy"],
            probe_samples=frame.probe_samples,
        )

    def finished(self, finished: m.Finished) -> None:
        """Print the summary."""
        self._print(
            summary=True,
            step=finished.step,
            epoch=round(finished.epoch, 6),
            elapsed=round(finished.elapsed, 4),
            samples_per_second=round(finished.samples_per_second, 1),
            loss=finished.loss,
            train_accuracy=finished.train_accuracy,
            margin_accuracy=self._margin_accuracy,  # of the last frame, which is of the last step
            test_accuracy=finished.test_accuracy,
            test_samples=finished.test_samples,
            warnings=self._warnings,
        )

    def _print(self, **values: object) -> None:
        finite = {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}
        print(json.dumps(finite), flush=True)


class ProgressReport(Report):
    """A progress bar on standard error, the result on standard output."""

    def __init__(
        self, epochs: float | None, seconds: float | None, recording: RecordingWriter | None = None
    ) -> None:
        super().__init__(recording)
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._epochs, self._seconds = epochs, seconds
        self._console = Console(stderr=True)
        bar = BarColumn(None if self._console.width >= _WIDE else _NARROW_BAR)
        columns = (bar, TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console)
        self._task = self._progress.add_task(_("starting"), total=1.0)

    def frame(self, frame: m.Frame) -> None:
        """Update the progress bar."""
        shares = [0.0]
        if self._epochs:
            shares.append(frame.epoch / self._epochs)
        if self._seconds:
            shares.append(frame.elapsed / self._seconds)
        words = (
            _(
                "epoch {epoch:.2f}  step {step:,}  loss {loss:.4f}  "
                "test accuracy {accuracy:.1%} ({samples:,} images)  {speed:,.0f} images/s"
            )
            if self._console.width >= _WIDE
            else _("step {step:,}  loss {loss:.3g}  test {accuracy:.1%}")
        )
        description = words.format(
            epoch=frame.epoch,
            step=frame.step,
            loss=frame.scalars["loss"],
            accuracy=frame.scalars["test_accuracy"],
            samples=frame.probe_samples,
            speed=frame.samples_per_second,
        )
        self._progress.update(self._task, completed=min(1.0, max(shares)), description=description)

    def finished(self, finished: m.Finished) -> None:
        """Print the result."""
        self._progress.update(self._task, completed=1.0)
        self._progress.stop()
        print(
            plural(
                "{count:,} step, {epochs:.2f} epochs in {seconds:.1f} s: "
                "test accuracy {accuracy:.2%} ({samples:,} images)",
                "{count:,} steps, {epochs:.2f} epochs in {seconds:.1f} s: "
                "test accuracy {accuracy:.2%} ({samples:,} images)",
                count=finished.step,
                epochs=finished.epoch,
                seconds=finished.elapsed,
                accuracy=finished.test_accuracy,
                samples=finished.test_samples,
            )
        )
        if self.unseen:
            sentence = _("Classes left out of training, and not in these accuracies: {classes}")
            print(sentence.format(classes=self.unseen))

    def __enter__(self) -> Self:
        """Show the progress bar."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the progress bar."""
        self._progress.stop()


@contextmanager
def reading() -> Iterator[Progress]:
    """Yield what shows on a terminal how far a data set has been read."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Reading the data set"), visible=False)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        yield tell


def report_for(
    *,
    json_lines: bool,
    epochs: float | None,
    seconds: float | None,
    recording: RecordingWriter | None = None,
    warnings: Sequence[str] = (),
) -> Report:
    """Return JSON lines, or a progress bar towards the given number of epochs or seconds."""
    return JsonReport(recording, warnings) if json_lines else ProgressReport(epochs, seconds, recording)
