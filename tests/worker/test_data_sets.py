"""Data sets of one's own train: colour, large pictures, many classes, and whatever their labels are."""

import numpy as np
import pytest
import torch
from pictures import write_class_folders
from worker.test_session import Person

from explorer.core.data.datasets import load_dataset
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import NetworkConfig, RunConfig
from explorer.worker.training.networks import build_network

FEW = {
    "optimizer.batch": 16,
    "device": "cpu",
    "data.probe_every": 4,
    "data.test_probe": 1000,
    "data.train_probe": 1000,
}


def many_classes(folder, classes=300):
    """Write images of many classes, two for training and one for the test, each class with its own bits."""
    labels = np.arange(classes)
    bits = (labels[:, None] >> np.arange(9)) & 1
    images = np.zeros((classes, 9, 9), np.uint8)
    images[:] = 255 * bits[:, :, None]
    repeated = np.repeat(images, 2, axis=0), np.repeat(labels, 2)
    np.savez(folder / "many.npz", x_train=repeated[0], y_train=repeated[1], x_test=images, y_test=labels)
    return folder / "many.npz"


def trained(source, classes, steps=8, **changes):
    settings = {"data.source": str(source), "data.classes": classes, **FEW, **changes}
    person = Person(RunConfig().replace(settings))
    person.send(person.configure(), m.Run(m.Until(step=steps)))
    assert not person.of(m.Failed), person.of(m.Failed)[0].what
    return person


@pytest.mark.parametrize("network", ["compact", "lenet++", "mlp"])
def test_colour_pictures_are_learned_by_every_network(tmp_path, network):
    write_class_folders(tmp_path)
    person = trained(tmp_path, 3, 20 if network == "compact" else 2, **{"network.name": network})
    (started,) = person.of(m.Started)
    assert started.data.class_names == ("apple", "leaf", "sky")
    assert started.data.title == tmp_path.name
    assert [str(note).partition(" ")[0] for note in started.data.notes] == ["The", "Without"]
    if network == "compact":
        assert person.of(m.Finished)[0].test_accuracy == 1
    person.send(m.Embed(1, Array.of(load_dataset(str(tmp_path)).test.pixels[:2])), m.ExamineBatch(2))
    assert person.of(m.Embedded)[0].features.shape == (2, 2)
    assert person.of(m.BatchExamined)[0].images.shape == (16, 28, 28, 3)


def test_labels_beyond_a_byte_are_told_recorded_and_read(tmp_path):
    source = many_classes(tmp_path)
    person = trained(source, 300)
    (started,) = person.of(m.Started)
    assert sorted(set(started.labels.numpy().tolist())) == list(range(300))
    path = tmp_path / "run.lossrun"
    with RecordingWriter(path, new_header(person.config)) as writer:
        writer.configured(1, person.config)
        for event in person.events:
            writer.write(event)
    with Recording(path) as recording:
        assert recording.started == started
        assert recording.frame(0).weight.shape == (300, 2)
    person.send(m.ExamineBatch(3))
    assert person.of(m.BatchExamined)[0].labels.numpy().max() > 255


def test_a_number_of_classes_that_disagrees_is_told_with_the_right_one(tmp_path):
    settings = {"data.source": str(many_classes(tmp_path)), "data.classes": 47, **FEW}
    person = Person(RunConfig().replace(settings))
    person.send(person.configure(), m.Run())
    (failed,) = person.of(m.Failed)
    assert "has 300 classes, but the settings say 47" in str(failed.what)
    assert failed.remedy == {"data.classes": 300}


def test_a_subset_of_classes_needs_no_other_number(tmp_path):
    person = trained(many_classes(tmp_path), 300, **{"data.subset": 40})
    assert person.of(m.Started)[0].num_classes == 40
    assert person.of(m.Frame)[0].weight.shape == (40, 2)


@pytest.mark.parametrize(("side", "inputs"), [(8, 64), (28, 576), (32, 1024), (64, 1024), (256, 1024)])
def test_large_images_do_not_make_the_hidden_layer_large(side, inputs):
    network = build_network(NetworkConfig(), (3, side, side), 100.0, 50.0).eval()
    (hidden,) = [
        layer for layer in network if isinstance(layer, torch.nn.Linear) and layer.out_features == 64
    ]
    assert hidden.in_features == inputs
    images = torch.randint(256, (5, side, side, 3), dtype=torch.uint8)
    assert network(images).shape == (5, 2)
