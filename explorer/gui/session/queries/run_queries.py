"""RunQueries: everything that is asked of the worker of a live run, and where its answers go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from explorer.core.protocol import messages as m
from explorer.gui.session.embedding import EmbedQueries
from explorer.gui.session.queries.batch_queries import BatchQueries
from explorer.gui.session.queries.force_queries import ForceQueries
from explorer.gui.session.worker_client import WorkerClient


class RunQueries(QObject):
    """Hands each answer to what has asked.

    Parameters
    ----------
    client : WorkerClient
        Sends the questions.
    training : callable
        Returns whether the run trains.

    Attributes
    ----------
    embed, batch, force : EmbedQueries, BatchQueries, ForceQueries
        What asks.
    """

    def __init__(self, client: WorkerClient, training: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self.embed: EmbedQueries = EmbedQueries(client, parent)
        self.batch = BatchQueries(client, parent)
        self.force: ForceQueries = ForceQueries(client, training, parent)

    def set_run(self, run: int | None) -> None:
        """Ask the run with this id from now on, None for no run."""
        self.embed.set_run(run)
        self.force.set_run(run)

    def stop(self) -> None:
        """Send no request any more."""
        self.embed.stop()
        self.force.stop()

    def take(self, answer: m.Answer, run: int) -> None:
        """Use an answer of the worker, while the run has this id."""
        match answer:
            case m.Embedded():
                self.embed.take(answer)
            case m.BatchExamined() if answer.run == run:
                self.batch.take(answer)
            case m.ForcesExamined() if answer.run == run:
                self.force.take(answer)

    def refuse(self, failed: m.Failed) -> bool:
        """Tell what has asked why there is no answer; return whether it was a question that failed."""
        complaint = str(failed.what)
        match failed.where:
            case "Embed":
                self.embed.refused(complaint)
            case "ExamineBatch":
                self.batch.refuse(complaint)
            case "ExamineForces":
                self.force.refuse(complaint)
            case _:
                return False
        return True
