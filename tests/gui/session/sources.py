"""A run that is no live one: frames from a list, as a recording would have them."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import keep_frame
from explorer.analysis.frames.snapshot import Snapshot
from explorer.gui.session.run_source import RunSource


class ListSource(RunSource):
    """Keeps every frame; has neither a worker nor anything that could be asked of one."""

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        self._frames = list(snapshots)
        super().__init__(self._frames[-1].config)
        self.probe = self._frames[-1].probe
        self._read()

    def frame(self, index: int) -> Snapshot:
        if index not in self.frames:
            raise LookupError(f"frame {index} is not recorded")
        return self._frames[index]

    def append(self, snapshot: Snapshot) -> None:
        """Get one more frame, as a file that still grows."""
        self._frames.append(snapshot)
        self._read()
        self.snapshotChanged.emit()

    def _read(self) -> None:
        self.steps = [snapshot.step for snapshot in self._frames]
        self.elapsed = [snapshot.elapsed for snapshot in self._frames]
        self.history, before = History(), None
        for snapshot in self._frames:
            keep_frame(self.history, before, snapshot, snapshot.step)
            before = snapshot
        self.snapshot = before
