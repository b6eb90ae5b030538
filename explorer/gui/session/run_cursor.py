"""RunCursor: which frame of which run is shown."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.snapshot import Snapshot
from explorer.export.origin import RunOrigin
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.run_source import RunSource


class RunCursor(RunSource):
    """Shows the newest frame of a run as it comes, or holds at an earlier one.

    It stands between a run and the pane that shows it: to the pane it is the run, and its frame is always the
    newest. A recording can take the place of the live run, which goes on meanwhile.

    Parameters
    ----------
    live : RunSource
        The run to begin with, and to return to.

    Signals
    -------
    positionChanged()
        Another frame or run is shown, or there are more frames to go to.

    Attributes
    ----------
    source : RunSource
        The run that is shown.
    following : bool
        Whether it shows the newest frame, and the next one once that is there.
    """

    positionChanged = Signal()

    def __init__(self, live: RunSource, parent: QObject | None = None) -> None:
        super().__init__(live.config, parent)
        self.source = self._live = live
        self.embed_queries, self.force_queries = live.embed_queries, live.force_queries
        self.following = True
        live.configChanged.connect(self._on_live_config_changed)
        live.stateChanged.connect(self.stateChanged)
        live.snapshotChanged.connect(self._on_live_snapshot_changed)
        self._take(live.snapshot)

    @property
    def live(self) -> bool:
        """Whether it shows the newest frame of the live run."""
        return self.following and self.source is self._live

    @property
    def training(self) -> bool:
        """Whether the run trains whose newest frame is shown."""
        return self.live and self.source.training

    @property
    def starting(self) -> bool:
        """Whether the run that is shown has no frame yet because its trainer is starting."""
        return self.source.starting

    @property
    def threads(self) -> int:
        """How many threads of the processor the live run trains on, shown or not; 0 while it does not."""
        return self._live.threads if self._live.training else 0

    @property
    def can_embed(self) -> bool:
        """Whether there is a network behind the frame: it is the newest of the live run."""
        return self.live and self.source.can_embed

    @property
    def index(self) -> int:
        """Index of the frame that is shown, the last one of its step; -1 where none is."""
        if self.following or self.snapshot is None:
            return len(self.frames) - 1
        return max(0, bisect_right(self.steps, self.snapshot.step) - 1)

    def frame(self, index: int) -> Snapshot:
        """Return a frame of the run; raises as its own `frame`."""
        return self.source.frame(index)

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:
        """Return how the run that is shown came to one of its frames."""
        return self.source.origin(snapshot)

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how the run that is shown can be continued from one of its frames; raises as its own."""
        return self.source.continuation(snapshot)

    def go_to(self, index: int) -> None:
        """Show a frame, or the next in the direction of travel where it is damaged; the last one follows.

        An index beyond the ends is taken as the end.
        """
        frames = self.frames
        if not frames:
            return
        onward = 1 if index >= self.index else -1
        index = min(max(index, 0), frames[-1])
        while 0 <= index < frames[-1]:
            try:
                snapshot = self.frame(index)
            except LookupError:
                index += onward
                continue
            was_live, self.following = self.live, False
            self._show(snapshot, was_live=was_live)
            return
        if index >= frames[-1]:
            self.follow()

    def follow(self) -> None:
        """Show the newest frame, and those that come."""
        was_live, self.following = self.live, True
        self._show(self.source.snapshot, was_live=was_live)

    def show_run(self, source: RunSource) -> None:
        """Show another run at its newest frame."""
        if self.source is not self._live:
            self.source.snapshotChanged.disconnect(self._on_recorded_snapshot_changed)
        if source is not self._live:
            source.snapshotChanged.connect(self._on_recorded_snapshot_changed)
        was_live, self.source, self.following = self.live, source, True
        self._show(source.snapshot, was_live=was_live)

    def _on_live_config_changed(self) -> None:
        if self.live:
            self._take_config()

    def _on_live_snapshot_changed(self) -> None:
        """Show what has come, unless another frame is looked at; of a run that is gone, none can be."""
        if self.source is not self._live:
            return
        if self.following:
            self._show(self._live.snapshot, was_live=True)
        elif self._live.snapshot is None:
            self.follow()
        else:
            self.steps, self.elapsed = self._live.steps, self._live.elapsed
            self.positionChanged.emit()

    def _on_recorded_snapshot_changed(self) -> None:
        """Show the frame again, with what has been read of the history meanwhile."""
        self._show(self.source.snapshot if self.following else self.snapshot, was_live=False)

    def _show(self, snapshot: Snapshot | None, *, was_live: bool) -> None:
        """Show a frame; settings and state go first, as they decide how the frame is shown."""
        self._take(snapshot)
        if self.live != was_live:
            self.stateChanged.emit()
        self.snapshotChanged.emit()
        self.positionChanged.emit()

    def _take(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot
        self.probe, self.history = self.source.probe, self.source.history
        self.steps, self.elapsed = self.source.steps, self.source.elapsed
        self.can_train = self.live and self.source.can_train
        self.can_configure = self.live and self.source.can_configure
        self._take_config()

    def _take_config(self) -> None:
        """Show the settings that are wanted, or those that the frame was trained with."""
        old, snapshot = self.config, self.snapshot
        new = self.source.config if self.live or snapshot is None else snapshot.config
        if new != old:
            self.config = new
            self.configChanged.emit(old, new)
