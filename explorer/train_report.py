"""What ``loss-explorer train`` prints: a progress bar for people, or JSON lines for programs."""

from __future__ import annotations

import json
import math
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from explorer.core.protocol import messages as m

if TYPE_CHECKING:
    from explorer.core.recording.writer import RecordingWriter


class Report:
    """Takes the events of a training. Use as a context.

    Parameters
    ----------
    recording : RecordingWriter, optional
        What records the training; where it stops, a line on standard error says so at once.

    Attributes
    ----------
    error : str, optional
        Why the training failed.
    recording_lost : bool
        Whether the recording has stopped before the training.
    """

    def __init__(self, recording: RecordingWriter | None = None) -> None:
        self.error: str | None = None
        self.recording_lost = False
        self._recording = recording

    def tell(self, event: m.Event) -> None:
        """Take note of an event."""
        match event:
            case m.Failed(what=what):
                self.error = what
            case m.Notice(kind="diverged", text=text):
                self.error = text
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
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""


class JsonReport(Report):
    """One JSON object per frame on standard output, the summary last."""

    def frame(self, frame: m.Frame) -> None:
        """Print a frame."""
        self._print(
            step=frame.step,
            epoch=round(frame.epoch, 6),
            elapsed=round(frame.elapsed, 4),
            samples_per_second=round(frame.samples_per_second, 1),
            loss=frame.scalars["loss"],
            train_accuracy=frame.scalars["train_accuracy"],
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
            test_accuracy=finished.test_accuracy,
            test_samples=finished.test_samples,
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
        columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task = self._progress.add_task("starting", total=1.0)

    def frame(self, frame: m.Frame) -> None:
        """Move the bar."""
        shares = [0.0]
        if self._epochs:
            shares.append(frame.epoch / self._epochs)
        if self._seconds:
            shares.append(frame.elapsed / self._seconds)
        description = (
            f"epoch {frame.epoch:.2f}  step {frame.step:,}  loss {frame.scalars['loss']:.4f}  "
            f"test {frame.scalars['test_accuracy']:.1%} of {frame.probe_samples:,}  "
            f"{frame.samples_per_second:,.0f} images/s"
        )
        self._progress.update(self._task, completed=min(1.0, max(shares)), description=description)

    def finished(self, finished: m.Finished) -> None:
        """Print the result."""
        self._progress.update(self._task, completed=1.0)
        self._progress.stop()
        print(
            f"{finished.step:,} steps, {finished.epoch:.2f} epochs in {finished.elapsed:.1f} s: "
            f"test accuracy {finished.test_accuracy:.2%} of {finished.test_samples:,} images"
        )

    def __enter__(self) -> Self:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._progress.stop()


def report_for(
    *, json_lines: bool, epochs: float | None, seconds: float | None, recording: RecordingWriter | None = None
) -> Report:
    """Return the report that the options ask for."""
    return JsonReport(recording) if json_lines else ProgressReport(epochs, seconds, recording)
