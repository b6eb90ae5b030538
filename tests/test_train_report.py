"""What `train` prints fits the terminal."""

from __future__ import annotations

import re

import numpy as np
import pytest

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.train_report import ProgressReport

SCALARS = {"loss": 0.12345, "test_accuracy": 0.98765, "train_accuracy": 0.99}


@pytest.mark.parametrize(
    ("columns", "said"), [(60, "step 123,456  loss 0.123  test 98.8%"), (140, "images/s")]
)
def test_the_time_is_not_cut_in_a_narrow_terminal(columns, said, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("FORCE_COLOR", "1")
    frame = m.Frame(
        run=1,
        index=1,
        config_seq=1,
        config_step=0,
        step=123_456,
        epoch=263.4,
        elapsed=4000.0,
        samples_per_second=12_345.0,
        probe_samples=1000,
        features=Array.of(np.empty((0, 0), np.float32)),
        scalars=SCALARS,
    )
    with ProgressReport(500.0, None) as report:
        report.handle(frame)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    line = next(line for line in re.split(r"[\r\n]+", shown) if said in line)
    assert re.search(r"\d:\d\d:\d\d\s*$", line)
    assert len(line.rstrip()) <= columns
    assert "…" not in line
