"""Runs that are compared start alike, train beside each other, and leave nothing behind."""

from __future__ import annotations

import os
import time

import numpy as np
from analysis.snapshots import make_snapshot
from core.recording import small_run
from gui.library.runs import make_run

from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.gui.compare.runs.compared_run import LiveRun, prepared
from explorer.gui.compare.runs.cores import CoreMeter, equal_threads
from explorer.gui.compare.state import RunState
from explorer.gui.session.worker_client import workers_ending

PATIENCE = 60_000
"""Milliseconds for workers to start on a machine that is busy with other tests."""


def heard(session):
    told = []
    session.refused.connect(told.append)
    session.noticed.connect(lambda sentence, _about: told.append(sentence))
    return told


def test_two_losses_start_from_the_same_features_and_are_recorded_to_the_end(
    session, small_config, qtbot, tmp_path
):
    for loss in ("softmax", "arcface"):
        session.add_config(small_config.replace({"loss.name": loss, "data.test_probe": 0}))
    runs = session.live
    qtbot.waitUntil(lambda: all(run.snapshot is not None for run in runs), timeout=PATIENCE)
    first, second = (run.snapshot for run in runs)
    assert first.step == second.step == 0
    assert np.array_equal(first.features, second.features)
    assert np.array_equal(first.probe.indices, second.probe.indices)
    assert np.ptp(first.features) > 0
    session.start()
    qtbot.waitUntil(lambda: all(run.snapshot.step >= 16 for run in runs), timeout=PATIENCE)
    assert not np.array_equal(runs[0].snapshot.features, runs[1].snapshot.features)
    assert runs[0].started.threads == runs[1].started.threads
    states = [run.state for run in session.runs]
    session.close()
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)
    for state, loss in zip(states, ("softmax", "arcface"), strict=True):
        with Recording(tmp_path / "runs" / state.file) as recording:
            assert recording.complete
            assert recording.header.config.loss.name == loss
            assert recording.steps[-1] >= 16


def test_a_run_that_is_ahead_waits_for_the_slowest_while_both_train(session, small_config, qtbot):
    """Otherwise the same moment would mean another step in each."""
    session.add_config(small_config)
    session.add_config(small_config.replace({"network.name": "lenet++", "data.probe_every": 1}))
    fast, slow = session.runs
    session.start()
    qtbot.waitUntil(
        lambda: (
            slow.source.snapshot is not None
            and slow.source.snapshot.step >= 2
            and fast.source.snapshot.step > slow.source.snapshot.step + 8
        ),
        timeout=PATIENCE,
    )
    shown, newest = fast.cursor.snapshot.step, slow.source.snapshot.step
    assert abs(shown - newest) <= 4
    assert fast.cursor.training
    session.pause()


def test_the_run_of_the_main_window_waits_unless_it_is_compared_too(session, window_run):
    told = heard(session)
    window_run.phase = "running"
    session.add_config(window_run.config)
    session.start()
    assert window_run.phase == "paused"
    assert told == ["The run in the main window is paused so that the compared runs get all cores."]
    session.add_window_run()
    session.add_window_run()
    assert told[1:] == ["This run is already in the comparison."]
    window_run.phase = "running"
    session.start()
    assert window_run.phase == "running"
    session.close()
    assert window_run.phase == "running"


def test_images_are_counted_by_the_batches_of_the_run_not_by_those_wanted(session, window_run):
    session.add_window_run()
    (run,) = session.runs
    window_run.snapshot = make_snapshot(100)
    window_run.probe = window_run.snapshot.probe
    trained_with = window_run.snapshot.config.optimizer.batch
    window_run.config = window_run.config.replace({"optimizer.batch": 2 * trained_with})
    assert run.track("images").scale == trained_with


def test_no_more_than_four_runs_are_compared(session, tmp_path):
    told = heard(session)
    paths = [tmp_path / f"{number}.lossrun" for number in range(5)]
    for path in paths:
        make_run(path)
        session.add_recording(path)
    assert len(session.runs) == 4
    assert told == ["At most 4 runs can be compared. Remove one first."]
    session.remove(session.runs[0])
    session.add_recording(paths[-1])
    session.add_recording(paths[-1])
    assert [run.recording.path for run in session.runs] == paths[1:]
    assert told[1:] == ["This run is already in the comparison."]


def test_a_damaged_recording_is_compared_up_to_the_damage_and_a_broken_one_is_refused(session, tmp_path):
    told = heard(session)
    path, broken = tmp_path / "cut.lossrun", tmp_path / "broken.lossrun"
    small_run.record(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 5])
    session.add_recording(path)
    (run,) = session.runs
    assert 0 < len(run.source.frames) < small_run.FRAMES[-1].index
    assert len(told) == 1
    assert "Frames that can be read" in told[0]
    broken.write_bytes(b"nothing of the kind")
    session.add_recording(broken)
    session.add_state(RunState(str(tmp_path / "gone.lossrun")))
    assert session.runs == (run,)
    assert "broken.lossrun is not a recording" in told[1]
    assert told[2] == f"The recording {tmp_path / 'gone.lossrun'} no longer exists."


def test_a_shorter_recording_holds_its_last_frame(session, tmp_path):
    for name, items in (("short", small_run.FRAMES[:2]), ("long", ())):
        small_run.record(tmp_path / f"{name}.lossrun", *items)
        session.add_recording(tmp_path / f"{name}.lossrun")
    short, long = session.runs
    timeline = session.timeline
    assert [run.cursor.snapshot.step for run in session.runs] == [10, 30]
    assert timeline.is_over(short)
    assert not timeline.is_over(long)
    timeline.go_to(0)
    assert [run.cursor.snapshot.step for run in session.runs] == [0, 0]
    assert not timeline.is_over(short)
    timeline.set_linked(False)
    timeline.follow()
    assert [run.cursor.snapshot.step for run in session.runs] == [0, 0]


def test_all_live_runs_get_as_many_threads_and_plot_the_same_images(session, small_config, monkeypatch):
    monkeypatch.setattr("explorer.gui.compare.runs.session.os.cpu_count", lambda: 9)
    session.add_config(small_config.replace({"data.test_probe": 60, "data.train_probe": 40}))
    assert session.live[0].config.threads == 8
    session.add_config(small_config)
    session.add_config(small_config.replace({"loss.name": "center"}))
    assert [run.config.threads for run in session.live] == [2, 2, 2]
    assert {run.config.data.test_probe for run in session.live} == {60}
    assert {run.config.data.train_probe for run in session.live} == {40}
    session.remove(session.runs[-1])
    assert [run.config.threads for run in session.live] == [4, 4]
    assert [equal_threads(2, count) for count in (1, 2, 4)] == [1, 1, 1]
    assert prepared(RunConfig(), 1, None).data.test_probe == 2_000


def test_a_run_comes_back_from_its_settings(session, small_config):
    session.add_config(small_config.replace({"loss.name": "arcface"}))
    (run,) = session.runs
    assert isinstance(run, LiveRun)
    state = run.state
    session.remove(run)
    session.add_state(state)
    assert session.live[0].config == run.run.config


def test_the_run_of_the_main_window_comes_back_as_itself(session, window_run):
    session.add_window_run()
    (state,) = (run.state for run in session.runs)
    session.remove(session.runs[0])
    session.add_state(state)
    assert session.live == [window_run]


def test_the_meter_says_how_many_cores_a_process_keeps_busy():
    meter = CoreMeter()
    assert np.isnan(meter.read(os.getpid()))
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass
    assert 0 < meter.read(os.getpid()) <= (os.cpu_count() or 1)
    assert np.isnan(meter.read(2**22 + 1))
