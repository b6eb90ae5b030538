"""RunSource: the interface of a run, live or recorded, for views and read-outs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.settings.config import RunConfig
from explorer.export.origin import RunOrigin
from explorer.gui.session.continuation import Continuation
from explorer.gui.session.embedding import EmbedQueries
from explorer.gui.session.queries.force_queries import ForceQueries


class RunSource(QObject):
    """A run that can be shown: live, recorded, or a branch of either.

    Attributes are read-only for everyone but the source itself.

    Signals
    -------
    configChanged(object, object)
        The settings have changed: old and new `RunConfig`.
    stateChanged()
        Something other than settings and frames has changed, such as whether it trains.
    snapshotChanged()
        The newest frame has changed; it is None after a restart.

    Attributes
    ----------
    config : RunConfig
        Settings of the run; for a live run the requested ones. A frame has its own ``config``, with which it
        was trained.
    snapshot : Snapshot or None
        The newest frame. If a run directly follows another, this is the last frame of that run until the
        first frame arrives.
    probe : ProbeSet or None
        The images of the points in every frame; None until known.
    steps, elapsed : sequence
        Step of each of `frames`, ascending, and seconds of training until then.
    history : History
        Scalars of all frames up to the newest, and the changes of settings.
    embed_queries : EmbedQueries or None
        Embeds images; None without a network.
    force_queries : ForceQueries or None
        Computes forces on features; None without a network.
    """

    configChanged = Signal(object, object)
    stateChanged = Signal()
    snapshotChanged = Signal()

    can_train = False
    """Whether it can be started, paused and restarted."""
    can_configure = False
    """Whether its settings can be changed."""

    def __init__(self, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.config = config
        self.snapshot: Snapshot | None = None
        self.probe: ProbeSet | None = None
        self.steps: Sequence[int] = ()
        self.elapsed: Sequence[float] = ()
        self.history = History()
        self.embed_queries: EmbedQueries | None = None
        self.force_queries: ForceQueries | None = None

    @property
    def training(self) -> bool:
        """Whether it trains now."""
        return False

    @property
    def starting(self) -> bool:
        """Whether the trainer is starting, so that its first frame is still to come."""
        return False

    @property
    def threads(self) -> int:
        """Number of CPU threads that train it; 0 on a GPU, and where nothing trains."""
        return 0

    @property
    def can_embed(self) -> bool:
        """Whether the network behind the frame that is shown can be asked: for features, and for forces."""
        return self.embed_queries is not None

    @property
    def frames(self) -> range:
        """Indices of the frames that `frame` can return, the oldest first."""
        return range(len(self.steps))

    def frame(self, index: int) -> Snapshot:
        """Return the frame with an index.

        Raises
        ------
        LookupError
            Where the index is not one of `frames`, or the frame is damaged.
        """
        raise NotImplementedError

    def origin(self, snapshot: Snapshot) -> RunOrigin | None:  # noqa: ARG002  # sources that know it need it
        """Return how the run came to one of its frames, from its seed; None where that is not known.

        Reads the files of the data set.
        """
        return None

    def continuation(self, snapshot: Snapshot) -> Continuation:
        """Return how this run can be continued from one of its frames.

        Raises
        ------
        ContinuationError
            Where it cannot, or only by repeating it from its start.
        """
        raise NotImplementedError
