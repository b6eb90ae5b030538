"""SentConfigs: the configurations that a worker was given, by the numbers that its frames carry."""

from __future__ import annotations

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.gui.session.worker_client import WorkerClient


class SentConfigs:
    """Numbers the configurations of one run after the other, and sends them.

    A frame carries the number of the configuration that it was trained with. Numbers are never used twice, so
    that what comes late of an earlier run has none that is known.
    """

    def __init__(self, client: WorkerClient) -> None:
        self._client = client
        self._seq = 0
        self._configs: dict[int, RunConfig] = {}

    def __contains__(self, seq: int) -> bool:
        """Return whether a configuration of this number belongs to the run, and frames of it may come."""
        return seq in self._configs

    def __getitem__(self, seq: int) -> RunConfig:
        """Return the configuration of a number."""
        return self._configs[seq]

    def find(self, seq: int) -> RunConfig | None:
        """Return the configuration of a number, None for one that does not belong to the run."""
        return self._configs.get(seq)

    @property
    def newest(self) -> RunConfig | None:
        """The last one that was sent to this run."""
        return self._configs.get(self._seq)

    def configure(self, config: RunConfig) -> None:
        """Want this configuration of the run, unless the worker has it already."""
        if config != self.newest:
            self._note(config)
            self._client.send(m.Configure(self._seq, config))

    def restart(self, config: RunConfig) -> None:
        """Begin another run with this configuration; all earlier ones are forgotten."""
        self.forget()
        self._note(config)
        self._client.send(m.Restart(self._seq, config))

    def forget(self) -> None:
        """Forget all: the worker is another, or has given up the run."""
        self._configs = {}

    def forget_before(self, seq: int) -> None:
        """Forget those before a number: frames come in the order of training."""
        self._configs = {number: config for number, config in self._configs.items() if number >= seq}

    def _note(self, config: RunConfig) -> None:
        self._seq += 1
        self._configs[self._seq] = config
