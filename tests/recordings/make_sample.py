"""Makes the sample recording of the version that is checked out, once per release, in the root of a checkout.

    .venv/bin/python tests/recordings/make_sample.py

The file ``tests/recordings/VERSION.lossrun.gz`` stays as it is from then on: it must open in every later
version. It holds 40 real steps on the tiny data set, with a change of the margin, a notice, and the
checkpoint of step 0; gzip halves it.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from msgspec.structs import replace
from tiny_data import write_tiny_data

from explorer import __version__
from explorer.core.protocol import messages as m
from explorer.core.recording.header import new_header
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.worker.session import Session

FOLDER = Path(__file__).parent
FIRST = RunConfig().replace(
    {
        "loss.name": "arcface",
        "loss.margin": 0.1,
        "data.source": "tiny",
        "data.probe_every": 5,
        "data.test_probe": 100,
        "data.train_probe": 50,
        "optimizer.batch": 50,
        "device": "cpu",
        "threads": 1,
        "seed": 7,
    }
)
SECOND = FIRST.replace({"loss.margin": 0.2})
CHANGED_AT, STEPS = 20, 40


def record(path: Path) -> None:
    """Record the run; the data set is in the folder ``tiny`` of the current one."""
    header = replace(new_header(FIRST, name="Sample", notes="Sample of this version."), machine="any")
    with RecordingWriter(path, header) as writer:

        def configure(seq: int, config: RunConfig) -> None:
            writer.configured(seq, config)
            session.handle(m.Configure(seq, config))

        def take(event: m.Event) -> None:
            if not (isinstance(event, m.Checkpoint) and event.step):
                writer.write(event)
            if isinstance(event, m.Frame):
                session.handle(m.Ack(event.index))
                if event.step == CHANGED_AT:
                    writer.write(
                        m.Notice(event.run, "slow", text("Half of the sample is recorded."), event.step)
                    )
                    configure(2, SECOND)

        session = Session(take)
        session.handle(m.SendCheckpoints(1000.0))
        session.handle(m.Run(m.Until(step=STEPS)))
        configure(1, FIRST)
        while session.busy:
            session.tick()


def main() -> None:
    """Write the sample, unless the version has one."""
    target = FOLDER / f"{__version__}.lossrun.gz"
    if target.exists():
        sys.exit(f"{target.name} exists: what a release has recorded must not change.")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("tiny").mkdir()
        write_tiny_data(Path("tiny"))
        record(Path("sample.lossrun"))
        target.write_bytes(gzip.compress(Path("sample.lossrun").read_bytes(), mtime=0))
        os.chdir(FOLDER)
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
