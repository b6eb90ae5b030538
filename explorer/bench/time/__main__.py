"""Measures the section ``time``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.bench.figures import Measurement
from explorer.bench.measuring import print_measurements
from explorer.bench.time import files, looking_back, shares


def measure() -> Iterator[Measurement]:
    """Yield the figures of this section."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        plane, space = folder / "plane.lossrun", folder / "space.lossrun"
        yield from files.file_figures(plane)
        files.write_run(space, dim=3)
        yield shares.recorded_share(folder / "run.lossrun", {})
        yield shares.window_share()
        yield looking_back.first_picture(plane)
        yield from looking_back.scrubbing(plane, "plane")
        yield from looking_back.scrubbing(space, "space")
        yield from looking_back.scrubbing_while_training()


if __name__ == "__main__":
    print_measurements(measure)
