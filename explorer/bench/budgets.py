"""Budgets: what `loss-explorer bench` measures, and the limits that apply on each kind of machine."""

from __future__ import annotations

from explorer.bench.figures import Figure, Measurement, Verdict
from explorer.core.texts import N_

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            name="training.softmax_97",
            text=N_("from Start to 97% (all test images), 2-D softmax, data loading included"),
            unit="s",
            budget=10.0,
            scope="cpu",
        ),
        Figure(
            name="training.arcface_98",
            text=N_("from Start to 98% (all test images), 3-D ArcFace, scale 30, margin 0.5"),
            unit="s",
            budget=12.0,
            scope="cpu",
        ),
        Figure(
            name="training.images_per_second",
            text=N_("training speed without a window, 2-D softmax"),
            unit="images/s",
        ),
        Figure(
            name="training.lenet_images_per_second",
            text=N_("training speed with frames, LeNet++, batches of 512"),
            unit="images/s",
            budget=300_000.0,
            at_least=True,
            scope="cuda",
        ),
        Figure(
            name="training.lenet_framed_share",
            text=N_("the same, as a percentage of the speed without frames"),
            unit="%",
            budget=95.0,
            at_least=True,
            scope="cuda",
        ),
        Figure(name="render.plane_10k", text=N_("a new frame, 10,000 points, 2-D"), unit="ms", budget=4.0),
        Figure(name="render.space_10k", text=N_("a new frame, 10,000 points, 3-D"), unit="ms", budget=4.0),
        Figure(name="render.plane_10k_moving", text=N_("points moving between two frames, 2-D"), unit="ms"),
        Figure(name="render.space_10k_moving", text=N_("points moving between two frames, 3-D"), unit="ms"),
        Figure(name="render.plane_60k", text=N_("a new frame, 60,000 points, 2-D"), unit="ms", budget=8.0),
        Figure(name="render.space_60k", text=N_("a new frame, 60,000 points, 3-D"), unit="ms", budget=12.0),
        Figure(name="render.plane_60k_moving", text=N_("points moving between two frames, 2-D"), unit="ms"),
        Figure(name="render.space_60k_moving", text=N_("points moving between two frames, 3-D"), unit="ms"),
        Figure(name="render.plane_1m", text=N_("a new frame, 1,000,000 points, 2-D"), unit="ms", budget=40.0),
        Figure(name="render.space_1m", text=N_("a new frame, 1,000,000 points, 3-D"), unit="ms"),
        Figure(name="render.plane_10k_dense", text=N_("10,000 points, 2-D, pixel ratio of 2"), unit="ms"),
        Figure(name="render.space_10k_dense", text=N_("10,000 points, 3-D, pixel ratio of 2"), unit="ms"),
        Figure(name="render.plane_60k_dense", text=N_("60,000 points, 2-D, pixel ratio of 2"), unit="ms"),
        Figure(name="render.space_60k_dense", text=N_("60,000 points, 3-D, pixel ratio of 2"), unit="ms"),
        Figure(
            name="render.all_views",
            text=N_("a new frame in all views of a fresh window, 10,000 points"),
            unit="ms",
            budget=4.0,
        ),
        Figure(
            name="render.regions",
            text=N_("decision regions and margin bands in the plane"),
            unit="ms",
            budget=2.0,
        ),
        Figure(
            name="render.histograms",
            text=N_("histograms of 10,000 angles to the true and the nearest other class"),
            unit="ms",
            budget=2.0,
        ),
        Figure(
            name="render.statistics",
            text=N_("means, spreads and angles of the classes, 10,000 points"),
            unit="ms",
            budget=2.0,
        ),
        Figure(
            name="render.rest",
            text=N_("CPU use of window and worker while paused, of one core"),
            unit="%",
            budget=2.0,
        ),
        Figure(
            name="latency.frames",
            text=N_("time between drawn frames, four views, 10,000 points, 95th percentile"),
            unit="ms",
            budget=33.0,
        ),
        Figure(
            name="latency.watched_share",
            text=N_("training speed with the window drawing, as a percentage of that without"),
            unit="%",
            budget=80.0,
            at_least=True,
        ),
        Figure(
            name="latency.watched_share_with_room",
            text=N_("the same with a GPU or at least eight cores"),
            unit="%",
            budget=95.0,
            at_least=True,
        ),
        Figure(
            name="latency.drawn",
            text=N_("frames drawn per second while training"),
            unit="1/s",
            budget=10.0,
            at_least=True,
        ),
        Figure(
            name="latency.drawn_with_room",
            text=N_("the same with a GPU or at least eight cores"),
            unit="1/s",
            budget=60.0,
            at_least=True,
        ),
        Figure(
            name="latency.stall",
            text=N_("longest stall of the window's event loop while training"),
            unit="ms",
            budget=100.0,
        ),
        Figure(
            name="latency.stall_classes",
            text=N_("the same while 10 frames per second of 100 Gaussian classes (L-GM) are drawn"),
            unit="ms",
            budget=50.0,
        ),
        Figure(
            name="latency.stall_first",
            text=N_("the same while the first frame of 100 Gaussian classes is drawn"),
            unit="ms",
        ),
        Figure(
            name="latency.slider",
            text=N_(
                "from moving a slider to the step that uses it, 95th percentile; budget: 20 ms plus one step"
            ),
            unit="ms",
            budget=20.0,
        ),
        Figure(name="startup.shown", text=N_("from process start to the window"), unit="s", budget=1.0),
        Figure(
            name="startup.drawn",
            text=N_("from process start to the first drawn frame of a training run"),
            unit="s",
            budget=4.0,
        ),
        Figure(
            name="memory.window",
            text=N_("memory of the window after 20 s of training, 10,000 points"),
            unit="MB",
            budget=350.0,
        ),
        Figure(
            name="memory.worker",
            text=N_("memory of the worker at that time"),
            unit="MB",
            budget=900.0,
            scope="cpu",
        ),
        Figure(name="time.write", text=N_("writing a frame to a recording, 10,000 points, 2-D"), unit="ms"),
        Figure(name="time.frame_size", text=N_("size of such a frame on disk"), unit="kB"),
        Figure(name="time.open", text=N_("opening a recording of 1,000 frames"), unit="s", budget=0.5),
        Figure(
            name="time.read", text=N_("reading one of its frames, in random order"), unit="ms", budget=1.0
        ),
        Figure(
            name="time.recorded_share",
            text=N_("training speed of a recorded run, as a percentage of that of an unrecorded one"),
            unit="%",
            budget=97.0,
            at_least=True,
        ),
        Figure(
            name="time.window_share",
            text=N_("the same with the window drawing, and recording as it always does"),
            unit="%",
            budget=97.0,
            at_least=True,
        ),
        Figure(name="time.first_picture", text=N_("opening it in a window, drawn"), unit="s", budget=0.5),
        Figure(
            name="time.scrub_plane",
            text=N_("frames drawn while dragging along the timeline, 2-D"),
            unit="1/s",
            budget=30.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_plane_others",
            text=N_("drawings of each other view in sight meanwhile"),
            unit="1/s",
            budget=10.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_space",
            text=N_("frames drawn while dragging along the timeline, 3-D"),
            unit="1/s",
            budget=30.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_space_others",
            text=N_("drawings of each other view in sight meanwhile"),
            unit="1/s",
            budget=10.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_live",
            text=N_("frames drawn while dragging along the past of a run that trains"),
            unit="1/s",
            budget=15.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_live_others",
            text=N_("drawings of each other view in sight meanwhile"),
            unit="1/s",
            budget=5.0,
            at_least=True,
        ),
        Figure(
            name="time.scrub_live_share",
            text=N_("training speed meanwhile, as a percentage of that while its newest frame is shown"),
            unit="%",
            budget=70.0,
            at_least=True,
        ),
        Figure(
            name="scale.time",
            text=N_("forward and backward pass of a loss, batch of 128, 64-D, one CPU thread"),
            unit="ms",
        ),
        Figure(name="scale.memory", text=N_("peak memory allocated by it"), unit="MB"),
    )
}
"""Every figure, by name, in the order in which it is measured."""

SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(figure.section for figure in FIGURES.values()))


def judge(measurement: Measurement, cores: int) -> Verdict:
    """Compare a measurement with its budget on a machine with ``cores`` processor cores.

    Budgets assume two cores or more; with one, none applies.

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
    note = "" if measurement.note is None else str(measurement.note)
    return Verdict(name, measurement.value, figure.unit, budget, ok, note)
