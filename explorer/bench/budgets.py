"""Budgets: what `loss-explorer bench` measures, and how much of it is allowed on which machine."""

from __future__ import annotations

from explorer.bench.figures import Figure, Measurement, Verdict

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            name="training.softmax_97",
            text="pressing Start to 97% of all test images, 2-D softmax, data loading included",
            unit="s",
            budget=10.0,
            scope="cpu",
        ),
        Figure(
            name="training.arcface_98",
            text="pressing Start to 98% of all test images, 3-D ArcFace, scale 30, margin 0.5",
            unit="s",
            budget=12.0,
            scope="cpu",
        ),
        Figure(
            name="training.images_per_second",
            text="training speed without a window, 2-D softmax",
            unit="images/s",
        ),
        Figure(
            name="training.lenet_images_per_second",
            text="training speed with frames, LeNet++, batches of 512",
            unit="images/s",
            budget=300_000.0,
            at_least=True,
            scope="cuda",
        ),
        Figure(
            name="training.lenet_framed_share",
            text="the same, as a share of the speed without frames",
            unit="%",
            budget=95.0,
            at_least=True,
            scope="cuda",
        ),
        Figure(name="render.plane_10k", text="a new frame, 10,000 points, 2-D", unit="ms", budget=4.0),
        Figure(name="render.space_10k", text="a new frame, 10,000 points, 3-D", unit="ms", budget=4.0),
        Figure(name="render.plane_10k_moving", text="between two frames: its points move, 2-D", unit="ms"),
        Figure(name="render.space_10k_moving", text="between two frames: its points move, 3-D", unit="ms"),
        Figure(name="render.plane_60k", text="a new frame, 60,000 points, 2-D", unit="ms", budget=8.0),
        Figure(name="render.space_60k", text="a new frame, 60,000 points, 3-D", unit="ms", budget=12.0),
        Figure(name="render.plane_60k_moving", text="between two frames: its points move, 2-D", unit="ms"),
        Figure(name="render.space_60k_moving", text="between two frames: its points move, 3-D", unit="ms"),
        Figure(name="render.plane_1m", text="a new frame, 1,000,000 points, 2-D", unit="ms", budget=40.0),
        Figure(name="render.space_1m", text="a new frame, 1,000,000 points, 3-D", unit="ms"),
        Figure(
            name="render.plane_10k_dense", text="10,000 points, 2-D, four pixels in place of one", unit="ms"
        ),
        Figure(
            name="render.space_10k_dense", text="10,000 points, 3-D, four pixels in place of one", unit="ms"
        ),
        Figure(
            name="render.plane_60k_dense", text="60,000 points, 2-D, four pixels in place of one", unit="ms"
        ),
        Figure(
            name="render.space_60k_dense", text="60,000 points, 3-D, four pixels in place of one", unit="ms"
        ),
        Figure(
            name="render.all_views",
            text="a new frame in every view that the window opens with, 10,000 points",
            unit="ms",
            budget=4.0,
        ),
        Figure(
            name="render.regions",
            text="decision regions and margin bands in the plane",
            unit="ms",
            budget=2.0,
        ),
        Figure(
            name="render.histograms", text="histograms of 10,000 angles, own and other", unit="ms", budget=2.0
        ),
        Figure(
            name="render.statistics",
            text="means, spreads and angles of the classes, 10,000 points",
            unit="ms",
            budget=2.0,
        ),
        Figure(
            name="render.rest",
            text="a window at rest, its worker paused: share of one core",
            unit="%",
            budget=2.0,
        ),
        Figure(
            name="latency.frames",
            text="time between the window's frames, four views, 10,000 points, 95th percentile",
            unit="ms",
            budget=33.0,
        ),
        Figure(
            name="latency.watched_share",
            text="training speed with the window drawing, as a share of that without",
            unit="%",
            budget=80.0,
            at_least=True,
        ),
        Figure(
            name="latency.watched_share_with_room",
            text="the same with a GPU or eight cores",
            unit="%",
            budget=95.0,
            at_least=True,
        ),
        Figure(name="latency.drawn", text="frames drawn meanwhile", unit="1/s", budget=10.0, at_least=True),
        Figure(
            name="latency.drawn_with_room",
            text="the same with a GPU or eight cores",
            unit="1/s",
            budget=60.0,
            at_least=True,
        ),
        Figure(
            name="latency.stall",
            text="longest stall of the window's event loop meanwhile",
            unit="ms",
            budget=100.0,
        ),
        Figure(
            name="latency.slider",
            text="slider moved to the step that uses it, 95th percentile; 20 ms and one step are allowed",
            unit="ms",
            budget=20.0,
        ),
        Figure(name="startup.shown", text="process start to window shown", unit="s", budget=1.0),
        Figure(
            name="startup.drawn",
            text="process start to the first drawn frame of a run that trains",
            unit="s",
            budget=4.0,
        ),
        Figure(
            name="memory.window",
            text="memory of the window after 20 s of training, 10,000 points",
            unit="MB",
            budget=350.0,
        ),
        Figure(name="memory.worker", text="memory of the worker then", unit="MB", budget=900.0, scope="cpu"),
        Figure(name="time.write", text="recording a frame, 10,000 points, 2-D", unit="ms"),
        Figure(name="time.frame_size", text="the same on disk", unit="kB"),
        Figure(name="time.open", text="opening a recording of 1,000 frames", unit="s", budget=0.5),
        Figure(name="time.read", text="reading any one of them", unit="ms", budget=1.0),
        Figure(
            name="time.recorded_share",
            text="training speed of a recorded run, as a share of that of an unrecorded one",
            unit="%",
            budget=97.0,
            at_least=True,
        ),
        Figure(
            name="scale.time",
            text="forward and backward of a loss, batch of 128, 64-D, on a CPU one thread",
            unit="ms",
        ),
        Figure(name="scale.memory", text="peak of what that allocates", unit="MB"),
    )
}
"""Every figure, by name, in the order in which it is measured."""

SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(figure.section for figure in FIGURES.values()))


def judge(measurement: Measurement, cores: int) -> Verdict:
    """Return a measurement against its budget on a machine with so many cores.

    Budgets for training on a CPU are for two cores or more.

    Raises
    ------
    KeyError
        Where the table has no such figure.
    """
    figure = FIGURES[measurement.figure]
    holds = figure.scope == "any" or figure.scope == measurement.device
    if figure.budget is None or not holds or cores < 2:
        budget = ok = None
    else:
        budget = figure.budget + measurement.allowance
        ok = measurement.value >= budget if figure.at_least else measurement.value <= budget
    name = f"{figure.name}.{measurement.case}" if measurement.case else figure.name
    return Verdict(name, measurement.value, figure.unit, budget, ok, measurement.note)
