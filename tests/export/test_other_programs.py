"""Parquet, TensorBoard and the Embedding Projector read an exported run as it was recorded."""

import csv
import io
import json
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from core.recording import small_run
from google.protobuf import text_format
from msgspec.structs import replace
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.projector import projector_plugin
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from explorer.cli import main
from explorer.core.data.datasets import load_dataset
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import new_header
from explorer.core.settings.files import from_toml
from explorer.export import projector_folder
from explorer.export.formats import FORMATS


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "run.lossrun"
    small_run.record(path)
    return path


@pytest.fixture(scope="module")
def digits():
    """Return the images of the small run: the first of MNIST's test images."""
    return load_dataset().test.pixels[: small_run.SAMPLES]


def export(run, out, name, *arguments):
    return main(["export", str(run), "--format", name, "--out", str(out), *arguments])


def features(number):
    return small_run.FRAMES[number].features.numpy()


def decoded(image):
    return np.asarray(Image.open(io.BytesIO(image)))


def test_parquet_has_the_columns_of_a_frame_with_its_images(run, tmp_path, digits):
    out = tmp_path / "run.parquet"
    assert export(run, out, "parquet") == 0
    table = pq.read_table(out)
    columns = table.to_pydict()
    np.testing.assert_array_equal(np.stack([columns["x1"], columns["x2"]], axis=1), features(3))
    assert columns["split"] == ["test"] * small_run.SAMPLES
    assert columns["label"] == [0, 1, 2, 0, 1, 2]
    assert columns["index"] == list(range(small_run.SAMPLES))
    assert columns["step"] == [30] * small_run.SAMPLES
    for image, digit in zip(columns["image"], digits, strict=True):
        np.testing.assert_array_equal(decoded(image), digit)
    assert from_toml(table.schema.metadata[b"loss-explorer.config"].decode()) == small_run.SECOND
    metrics = pq.read_table(tmp_path / "run.metrics.parquet").to_pydict()
    assert (metrics["step"], metrics["loss"], metrics["test_accuracy"]) == ([30], [0.25], [0.5])


def test_parquet_of_all_frames_has_a_row_group_for_each_and_every_image_once(run, tmp_path, digits):
    out = tmp_path / "run.parquet"
    assert export(run, out, "parquet", "--at", "all") == 0
    file = pq.ParquetFile(out)
    assert file.num_row_groups == len(small_run.FRAMES)
    assert "image" not in file.schema.names
    for number in range(len(small_run.FRAMES)):
        group = file.read_row_group(number).to_pydict()
        assert set(group["step"]) == {10 * number}
        np.testing.assert_array_equal(np.stack([group["x1"], group["x2"]], axis=1), features(number))
    images = pq.read_table(tmp_path / "run.images.parquet").to_pydict()
    assert images["index"] == list(range(small_run.SAMPLES))
    np.testing.assert_array_equal(decoded(images["image"][4]), digits[4])


def test_what_is_not_known_is_null_in_parquet(tmp_path):
    values = features(0).copy()
    values[2] = np.nan
    small_run.record(tmp_path / "run.lossrun", small_run.frame(1, features=Array.of(values)))
    assert export(tmp_path / "run.lossrun", tmp_path / "a.parquet", "parquet") == 0
    columns = pq.read_table(tmp_path / "a.parquet").to_pydict()
    assert [value is None for value in columns["own_angle"]] == [False, False, True, False, False, False]
    assert columns["prediction"][2] == -1


def test_images_that_have_changed_are_left_out_and_that_is_said(tmp_path, capsys, monkeypatch):
    header = replace(new_header(small_run.FIRST), data_digest="0" * 64)
    monkeypatch.setattr(small_run, "header", lambda: header)
    small_run.record(tmp_path / "run.lossrun")
    assert export(tmp_path / "run.lossrun", tmp_path / "a.parquet", "parquet") == 0
    assert "mnist has changed since this run: it is exported without images." in capsys.readouterr().err
    assert "image" not in pq.read_table(tmp_path / "a.parquet").column_names
    assert export(tmp_path / "run.lossrun", tmp_path / "a", "projector") == 0
    assert not (tmp_path / "a" / "sprite.png").exists()
    assert "sprite" not in (tmp_path / "a" / "projector_config.pbtxt").read_text()


def test_tensorboard_reads_every_metric_at_every_step_and_the_settings(run, tmp_path):
    out = tmp_path / "logs"
    assert export(run, out, "tensorboard") == 0
    events = EventAccumulator(str(out))
    events.Reload()
    assert {"loss", "test_accuracy", "epoch", "scatter/within"} <= set(events.Tags()["scalars"])
    scalars = events.Scalars("loss")
    assert [event.step for event in scalars] == [0, 10, 20, 30]
    np.testing.assert_allclose([event.value for event in scalars], [1, 1 / 2, 1 / 3, 1 / 4], rtol=1e-7)
    np.testing.assert_allclose(np.diff([event.wall_time for event in scalars]), 0.25, atol=1e-5)
    (settings,) = events.Tensors("settings")
    assert 'name = "arcface"' in settings.tensor_proto.string_val[0].decode()
    assert export(run, out, "tensorboard", "--at", "10") == 2


def test_the_projector_reads_features_table_and_images(run, tmp_path, digits):
    out = tmp_path / "projector"
    assert export(run, out, "projector", "--at", "20") == 0
    (embedding,) = text_format.Parse(
        (out / "projector_config.pbtxt").read_text(), ProjectorConfig()
    ).embeddings
    tensor = projector_plugin._read_tensor_tsv_file(str(out / embedding.tensor_path))  # noqa: SLF001  # as it does
    np.testing.assert_array_equal(tensor, features(2))
    with (out / embedding.metadata_path).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["label"] for row in rows] == ["0", "1", "2", "0", "1", "2"]
    assert [row["split"] for row in rows] == ["test"] * small_run.SAMPLES
    width, height = embedding.sprite.single_image_dim
    sprite = np.asarray(Image.open(out / embedding.sprite.image_path))
    assert sprite.shape == (3 * height, 3 * width), "as many rows as columns, or the projector distorts it"
    for number, digit in enumerate(digits):
        top, left = height * (number // 3), width * (number % 3)
        np.testing.assert_array_equal(sprite[top : top + height, left : left + width], digit)
    (page,) = json.loads((out / "config.json").read_text())["embeddings"]
    assert page["tensorShape"] == [small_run.SAMPLES, 2]
    assert page["sprite"]["singleImageDim"] == [width, height]
    assert {page["tensorPath"], page["metadataPath"], page["sprite"]["imagePath"]} <= {
        path.name for path in out.iterdir()
    }


def test_a_sprite_stays_within_the_limit_and_keeps_its_order(monkeypatch):
    monkeypatch.setattr(projector_folder, "_LARGEST_SPRITE", 100)
    images = np.repeat(np.arange(90, dtype=np.uint8), 12 * 20).reshape(90, 12, 20)
    sprite, side = projector_folder.make_sprite(images)
    assert (sprite.shape, side) == ((100, 100), 10)
    middles = sprite.reshape(10, side, 10, side)[:, side // 2, :, side // 2].ravel()
    np.testing.assert_array_equal(middles, [*range(90), *[0] * 10])


def test_an_image_without_a_finite_feature_is_left_out_of_the_projector_and_counted(tmp_path, capsys):
    values = features(0).copy()
    values[2] = np.nan
    small_run.record(tmp_path / "run.lossrun", small_run.frame(1, features=Array.of(values)))
    assert export(tmp_path / "run.lossrun", tmp_path / "a", "projector") == 0
    assert "1 image is left out: its feature is not finite." in capsys.readouterr().err
    assert len((tmp_path / "a" / "tensors.tsv").read_text().splitlines()) == small_run.SAMPLES - 1
    assert len((tmp_path / "a" / "metadata.tsv").read_text().splitlines()) == small_run.SAMPLES


@pytest.mark.parametrize("one", [one for one in FORMATS if one.needs], ids=lambda one: one.name)
def test_without_its_package_a_format_says_what_it_is_for_and_how_to_install_it(
    one, run, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, one.needs, None)
    assert export(run, tmp_path / "a", one.name) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"pip install {one.needs}" in error
    assert not (tmp_path / "a").exists()
