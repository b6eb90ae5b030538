"""SentConfigs: the configurations sent to a worker, by the numbers that frames carry."""

from __future__ import annotations

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.gui.session.worker_client import WorkerClient


class SentConfigs:
    """Numbers and sends configurations.

    A frame carries the number of the configuration with which it was trained. Numbers are never reused, so
    that late frames of an earlier run are recognised.
    """

    def __init__(self, client: WorkerClient) -> None:
        self._client = client
        self._seq = 0
        self._newest = 0
        self._configs: dict[int, RunConfig] = {}

    def __contains__(self, seq: int) -> bool:
        """Return whether the configuration of this number belongs to the current run."""
        return seq in self._configs

    def __getitem__(self, seq: int) -> RunConfig:
        """Return the configuration of a number."""
        return self._configs[seq]

    def find(self, seq: int) -> RunConfig | None:
        """Return the configuration of a number, None for one that does not belong to the run."""
        return self._configs.get(seq)

    @property
    def newest(self) -> RunConfig | None:
        """The last configuration sent to this run."""
        return self._configs.get(self._newest)

    def configure(self, config: RunConfig) -> None:
        """Send a configuration for the run, unless the worker has it already."""
        if config != self.newest:
            self._note(config)
            self._client.send(m.Configure(self._newest, config))

    def restart(self, config: RunConfig) -> None:
        """Start a new run with this configuration, and forget all earlier ones."""
        self.forget()
        self._note(config)
        self._client.send(m.Restart(self._newest, config))

    def reserve(self) -> int:
        """Return a number for the configuration of a run that is being brought back."""
        self._seq += 1
        return self._seq

    def adopt(self, seq: int, config: RunConfig) -> None:
        """Take a run that was brought back with this configuration, and forget the one before."""
        self._configs, self._newest = {seq: config}, seq

    def forget(self) -> None:
        """Forget all configurations: there is a new worker, or the run has failed."""
        self._configs = {}

    def forget_before(self, seq: int) -> None:
        """Forget configurations before a number, since frames arrive in order."""
        self._configs = {number: config for number, config in self._configs.items() if number >= seq}

    def _note(self, config: RunConfig) -> None:
        self._newest = self.reserve()
        self._configs[self._newest] = config
