"""What a notebook reads of an exported run is what was recorded: CSV, NPZ and Parquet, by their tools."""

import csv

import numpy as np
import pyarrow.parquet as pq
import pytest
from core.recording import small_run
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.cli import main
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.recording.reader import Recording
from explorer.core.settings.files import from_toml
from explorer.core.stressors.damage import fate_of, limits_of
from explorer.core.stressors.labels import given_labels


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "run.lossrun"
    small_run.record(path)
    return path


def export(run, out, *arguments):
    return main(["export", str(run), "--out", str(out), *arguments])


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def expected(number):
    """Return features, predictions and angles to the own class of a frame, by the formulas, in float64.

    Weights are equal, so all scores are, and the first class is predicted.
    """
    features = small_run.FRAMES[number].features.numpy().astype(np.float64)
    weight = np.ones(2) / np.sqrt(2)
    angles = np.arccos(np.clip(features @ weight / np.linalg.norm(features, axis=1), -1, 1))
    return features, np.zeros(len(features), int), angles


def test_csv_has_a_row_for_each_image_of_the_last_frame_and_its_metrics_beside_it(run, tmp_path, capsys):
    out = tmp_path / "run.csv"
    assert export(run, out, "--format", "csv") == 0
    metrics = tmp_path / "run.metrics.csv"
    assert capsys.readouterr() == (f"Written: {out}\nWritten: {metrics}\n", "")
    rows = rows_of(out)
    features, predictions, angles = expected(3)
    assert [row["step"] for row in rows] == ["30"] * small_run.SAMPLES
    assert [row["split"] for row in rows] == ["test"] * small_run.SAMPLES
    assert [int(row["label"]) for row in rows] == [0, 1, 2, 0, 1, 2]
    assert [row["class"] for row in rows] == ["0", "1", "2", "0", "1", "2"]
    assert [int(row["index"]) for row in rows] == list(range(small_run.SAMPLES))
    assert [int(row["prediction"]) for row in rows] == predictions.tolist()
    found = np.array([[float(row["x1"]), float(row["x2"])] for row in rows])
    np.testing.assert_array_equal(found, features)
    np.testing.assert_allclose([float(row["own_angle"]) for row in rows], angles, atol=1e-6)
    np.testing.assert_allclose([float(row["loss"]) for row in rows], np.log(3), atol=1e-6)
    (row,) = rows_of(metrics)
    assert (row["step"], row["loss"], row["test_accuracy"]) == ("30", "0.25", "0.5")
    middles = np.array([features[label::3].mean(axis=0) for label in range(3)])
    spread = np.sqrt(((features - middles[np.arange(6) % 3]) ** 2).sum(axis=1).mean())
    assert float(row["scatter.within"]) == pytest.approx(spread)


def test_all_frames_are_below_one_another_and_each_has_a_row_of_metrics(run, tmp_path):
    out = tmp_path / "run.csv"
    assert export(run, out, "--format", "csv", "--at", "all") == 0
    rows = rows_of(out)
    assert [int(row["step"]) for row in rows] == np.repeat([0, 10, 20, 30], small_run.SAMPLES).tolist()
    features = np.concatenate([expected(number)[0] for number in range(4)])
    np.testing.assert_array_equal([[float(row["x1"]), float(row["x2"])] for row in rows], features)
    metrics = rows_of(tmp_path / "run.metrics.csv")
    np.testing.assert_allclose([float(row["loss"]) for row in metrics], [1, 1 / 2, 1 / 3, 1 / 4])


STRESSED = small_run.FIRST.replace(
    {"data.wrong_labels": 0.5, "data.blur": 0.8, "data.noise": 0.4, "data.damaged": 0.7}
)
"""Settings under which some of six training images have a wrong label, and some are damaged."""


@pytest.fixture
def stressed(tmp_path, monkeypatch):
    """Return a run whose data were made harder from its third frame on, and its last frame."""
    split = np.arange(small_run.SAMPLES, dtype=np.uint8) % 2
    monkeypatch.setattr(small_run, "SECOND", STRESSED)
    monkeypatch.setattr(small_run, "STARTED", replace(small_run.STARTED, split=Array.of(split)))
    small_run.record(tmp_path / "run.lossrun")
    with Recording(tmp_path / "run.lossrun") as recording:
        probe = ProbeSet.of(recording.started)
        return tmp_path / "run.lossrun", Snapshot.of(recording.frame(3), probe, recording.config(3))


def test_labels_that_were_trained_with_and_damage_are_those_of_each_frame(stressed, tmp_path):
    """Labels as the trainer gives them, and damage as it does it: of a half and of 70% of the images."""
    run, snapshot = stressed
    labels, split = snapshot.probe.labels, snapshot.probe.split
    given = labels.copy()
    given[split == TRAIN] = given_labels(5, np.array([1, 3, 5]), labels[split == TRAIN], (0, 1, 2), 0.5, None)
    assert (given != labels).any()
    kinds, strengths = np.full(len(labels), -1), np.zeros(len(labels))
    for number in (TEST, TRAIN):
        rows = np.flatnonzero(split == number)
        fate = fate_of(np, 5, number, rows, limits_of(STRESSED.data))
        kinds[rows], strengths[rows] = fate.kind, fate.strength
    assert {-1} < set(kinds.tolist()) <= {-1, 0, 1}

    assert export(run, tmp_path / "a.npz", "--format", "npz", "--at", "all") == 0
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["given_label"], [labels, labels, given, given])
        np.testing.assert_array_equal(arrays["damage"], [np.full(6, -1), np.full(6, -1), kinds, kinds])
        np.testing.assert_allclose(arrays["strength"][[0, 3]], [np.zeros(6), strengths], rtol=1e-6)
        names = [*arrays["damage_names"].tolist(), "none"]
    assert names == ["blur", "noise", "occlusion", "contrast", "none"]
    assert export(run, tmp_path / "a.csv", "--format", "csv") == 0
    rows = rows_of(tmp_path / "a.csv")
    assert [int(row["given_label"]) for row in rows] == given.tolist()
    assert [row["damage"] for row in rows] == [names[kind] for kind in kinds]
    np.testing.assert_allclose([float(row["strength"]) for row in rows], strengths, rtol=1e-6)
    assert export(run, tmp_path / "a.parquet", "--format", "parquet") == 0
    columns = pq.read_table(tmp_path / "a.parquet").to_pydict()
    assert columns["given_label"] == given.tolist()
    assert columns["damage"] == [names[kind] for kind in kinds]
    np.testing.assert_allclose(columns["strength"], strengths, rtol=1e-6)


def test_a_float_survives_the_text_to_the_last_bit(run, tmp_path):
    out = tmp_path / "run.csv"
    assert export(run, out, "--format", "csv") == 0
    assert export(run, tmp_path / "run.npz", "--format", "npz") == 0
    with np.load(tmp_path / "run.npz") as arrays:
        for name in ("own_angle", "nearest_angle", "confidence", "loss", "distance"):
            written = np.array([float(row[name]) for row in rows_of(out)], np.float32)
            np.testing.assert_array_equal(written, arrays[name][0], err_msg=name)


def test_npz_holds_every_frame_with_frames_as_first_axis(run, tmp_path):
    out = tmp_path / "run.npz"
    assert export(run, out, "--format", "npz", "--at", "all") == 0
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["features"].shape == (4, small_run.SAMPLES, 2)
        for number in range(4):
            features, predictions, angles = expected(number)
            np.testing.assert_array_equal(arrays["features"][number], features)
            np.testing.assert_array_equal(arrays["prediction"][number], predictions)
            np.testing.assert_allclose(arrays["own_angle"][number], angles, atol=1e-6)
        np.testing.assert_array_equal(arrays["labels"], np.arange(small_run.SAMPLES) % 3)
        np.testing.assert_array_equal(arrays["indices"], np.arange(small_run.SAMPLES))
        np.testing.assert_array_equal(arrays["metrics.step"], [0, 10, 20, 30])
        np.testing.assert_array_equal(arrays["metrics.loss"], [1, 1 / 2, 1 / 3, 1 / 4])
        np.testing.assert_allclose(arrays["weight"], np.full((4, 3, 2), 1 / 3))
        assert "centers" not in arrays
        assert from_toml(str(arrays["config"])) == small_run.SECOND


def test_a_frame_without_class_weights_has_nan_in_their_place(tmp_path):
    """As where the loss of a running run changed from one on pairs."""
    frames = (small_run.frame(1, weight=None), small_run.frame(2))
    small_run.record(tmp_path / "run.lossrun", *frames)
    assert export(tmp_path / "run.lossrun", tmp_path / "a.npz", "--format", "npz", "--at", "all") == 0
    with np.load(tmp_path / "a.npz") as arrays:
        assert np.isnan(arrays["weight"][0]).all()
        np.testing.assert_allclose(arrays["weight"][1], 1 / 3)


def test_a_step_chooses_the_frame_that_was_shown_then(run, tmp_path, capsys):
    for at, step in (("20", 20), ("29", 20), ("30", 30), ("0", 0)):
        assert export(run, tmp_path / "a.npz", "--format", "npz", "--at", at, "--force") == 0
        with np.load(tmp_path / "a.npz") as arrays:
            assert arrays["metrics.step"].tolist() == [step]
    capsys.readouterr()
    assert export(run, tmp_path / "b.npz", "--format", "npz", "--at", "31") == 2
    assert "there is no step 31; its frames are of steps 0 to 30." in capsys.readouterr().err
    assert not (tmp_path / "b.npz").exists()


def test_a_damaged_recording_is_exported_up_to_the_damage_and_that_is_said(run, tmp_path, capsys):
    content = run.read_bytes()
    run.write_bytes(content[: content.rindex(b"\xa5Frame")])
    assert export(run, tmp_path / "a.npz", "--format", "npz", "--at", "all") == 0
    assert "Frames that can be read: 3, up to step 20." in capsys.readouterr().err
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["metrics.step"].tolist() == [0, 10, 20]
