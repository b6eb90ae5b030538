"""RunSource: a run as views and read-outs see it, whether it is live or recorded."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.settings.config import RunConfig
from explorer.gui.session.embedding import EmbedQueries


class RunSource(QObject):
    """What can be read of a run, and what can be asked of it.

    A live run, a recording and a branch of either are sources. Only the source itself writes its attributes.

    Signals
    -------
    configChanged(object, object)
        Other settings apply: old and new `RunConfig`.
    stateChanged()
        Something beside settings and frames has changed, such as whether it trains.
    snapshotChanged()
        There is another newest frame, or none any more because the run begins again.

    Attributes
    ----------
    config : RunConfig
        Settings of the run; of a live run those that are wanted now. What a frame was trained with is the
        ``config`` of the frame.
    snapshot : Snapshot or None
        The newest frame. Where a run follows another one at once, it is still the last of that one until
        the first frame comes.
    probe : ProbeSet or None
        The images behind the points of every frame; None until they are known.
    history : History
        Scalars of all frames up to the newest, and the changes of settings.
    embed_queries : EmbedQueries or None
        Answers where an image lands; None where no network is at hand.
    """

    configChanged = Signal(object, object)
    stateChanged = Signal()
    snapshotChanged = Signal()

    can_train = False
    """Whether it can be started, held and begun again."""
    can_configure = False
    """Whether its settings can be changed."""

    def __init__(self, config: RunConfig, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.config = config
        self.snapshot: Snapshot | None = None
        self.probe: ProbeSet | None = None
        self.history = History()
        self.embed_queries: EmbedQueries | None = None

    @property
    def training(self) -> bool:
        """Whether it trains now."""
        return False

    @property
    def threads(self) -> int:
        """How many threads of the processor it trains on; 0 on a GPU, and where nothing trains."""
        return 0

    @property
    def frames(self) -> range:
        """Indices of the frames that `frame` can return, counted from 0 at the run's first."""
        raise NotImplementedError

    def frame(self, index: int) -> Snapshot:
        """Return the frame of an index.

        Raises
        ------
        LookupError
            Where the index is not one of `frames`.
        """
        raise NotImplementedError
