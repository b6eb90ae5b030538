"""Trail: the features of all images in the last frames of a run."""

from __future__ import annotations

from collections import deque

import numpy as np

from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot

FRAMES = 30
"""Most frames that are kept."""
_MOST_BYTES = 32 << 20


class Trail:
    """Keeps the features of the last frames of a run: `FRAMES`, or as many as fit in 32 MiB.

    It refers to the arrays of the snapshots without copying them.
    """

    def __init__(self) -> None:
        self._probe: ProbeSet | None = None
        self._step = -1
        self._features: deque[Floats] = deque()

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self._features)

    def add(self, snapshot: Snapshot | None) -> None:
        """Add a frame; None, another run, other dimensions or an earlier step clear the trail first.

        States between two frames, and a frame that is shown again, are not added.
        """
        if snapshot is None:
            self._begin(None)
            return
        features = snapshot.features
        fits = not self._features or self._features[-1].shape == features.shape
        other_run = snapshot.probe is not self._probe or not fits
        if snapshot.since is not None:
            if other_run:  # what is kept has other rows, or other dimensions
                self._begin(snapshot.probe)
            return
        if other_run or snapshot.step < self._step:
            self._begin(snapshot.probe)
        elif snapshot.step == self._step:
            return
        self._step = snapshot.step
        self._features.append(features)
        most = max(1, min(FRAMES, _MOST_BYTES // max(1, features.nbytes)))
        while len(self._features) > most:
            self._features.popleft()

    def positions(self, rows: Rows) -> Floats:
        """Return the features (f, k, d) of k ``rows`` in the f frames kept, the oldest first."""
        if not self._features:
            return np.zeros((0, len(rows), 0), dtype=np.float32)
        return np.stack([features[rows] for features in self._features])

    def _begin(self, probe: ProbeSet | None) -> None:
        self._features.clear()
        self._probe, self._step = probe, -1
