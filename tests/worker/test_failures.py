"""Where memory runs out, a person learns how much was missing and what needs less."""

import numpy as np
import pytest
import torch

from explorer.core.settings.config import RunConfig
from explorer.worker.failures import failed_with


def too_much(allocate):
    """Return the error of a real allocation that no machine has the memory for."""
    with pytest.raises((RuntimeError, MemoryError)) as raised:
        allocate()
    return raised.value


ERRORS = {
    "CPU": (lambda: too_much(lambda: torch.empty(2**45)), "another 140,737.5 GB"),
    "NumPy": (lambda: too_much(lambda: np.empty(2**50)), "another 9,007,199.3 GB"),
    "CUDA": (
        lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has"),
        "another 2.1 GB",
    ),
    "Python": (MemoryError, "Memory ran out."),
}


@pytest.mark.parametrize(("error", "words"), ERRORS.values(), ids=ERRORS)
def test_memory_that_runs_out_is_told_with_what_needs_less(error, words):
    config = RunConfig().replace({"optimizer.batch": 8192, "network.name": "lenet++"})
    failed = failed_with(error(), 3, "training", 7, config)
    assert words in str(failed.what)
    assert failed.remedy == {"optimizer.batch": RunConfig().optimizer.batch}
    assert "Error" in failed.traceback
    again = config.replace(failed.remedy)
    assert failed_with(error(), 3, "training", 7, again).remedy == {"network.name": "compact"}


def test_another_error_keeps_its_name():
    failed = failed_with(RuntimeError("shapes differ"), 3, "training", 7, RunConfig())
    assert (str(failed.what), failed.remedy) == ("RuntimeError: shapes differ", {})
