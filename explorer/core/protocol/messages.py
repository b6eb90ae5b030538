"""The protocol: messages between window and worker, as frozen structs without behaviour.

`commands` state what is wanted, `events` report what has happened, `queries` ask and answer.
"""

from __future__ import annotations

from explorer.core.protocol.commands import CHECKPOINT_SECONDS as CHECKPOINT_SECONDS
from explorer.core.protocol.commands import Ack as Ack
from explorer.core.protocol.commands import Advance as Advance
from explorer.core.protocol.commands import Command as Command
from explorer.core.protocol.commands import Configure as Configure
from explorer.core.protocol.commands import Pause as Pause
from explorer.core.protocol.commands import Restart as Restart
from explorer.core.protocol.commands import Restore as Restore
from explorer.core.protocol.commands import Run as Run
from explorer.core.protocol.commands import SendCheckpoints as SendCheckpoints
from explorer.core.protocol.commands import SettingChange as SettingChange
from explorer.core.protocol.commands import Shutdown as Shutdown
from explorer.core.protocol.commands import Until as Until
from explorer.core.protocol.events import ANNEALING as ANNEALING
from explorer.core.protocol.events import FIRST_STEPS as FIRST_STEPS
from explorer.core.protocol.events import LENGTH_DEVIATION as LENGTH_DEVIATION
from explorer.core.protocol.events import LENGTH_MEAN as LENGTH_MEAN
from explorer.core.protocol.events import SCALE as SCALE
from explorer.core.protocol.events import TEST as TEST
from explorer.core.protocol.events import TRAIN as TRAIN
from explorer.core.protocol.events import Checkpoint as Checkpoint
from explorer.core.protocol.events import Configured as Configured
from explorer.core.protocol.events import Device as Device
from explorer.core.protocol.events import Event as Event
from explorer.core.protocol.events import Failed as Failed
from explorer.core.protocol.events import Finished as Finished
from explorer.core.protocol.events import Frame as Frame
from explorer.core.protocol.events import Hello as Hello
from explorer.core.protocol.events import Notice as Notice
from explorer.core.protocol.events import NoticeKind as NoticeKind
from explorer.core.protocol.events import Preparing as Preparing
from explorer.core.protocol.events import RestoreCancelled as RestoreCancelled
from explorer.core.protocol.events import Restoring as Restoring
from explorer.core.protocol.events import RunMessage as RunMessage
from explorer.core.protocol.events import Started as Started
from explorer.core.protocol.queries import Answer as Answer
from explorer.core.protocol.queries import BatchExamined as BatchExamined
from explorer.core.protocol.queries import Embed as Embed
from explorer.core.protocol.queries import Embedded as Embedded
from explorer.core.protocol.queries import ExamineBatch as ExamineBatch
from explorer.core.protocol.queries import ExamineForces as ExamineForces
from explorer.core.protocol.queries import ForcesExamined as ForcesExamined
from explorer.core.protocol.queries import Query as Query

PROTOCOL_VERSION = 9
