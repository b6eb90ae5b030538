"""Classes left out of training are seen by no step and no classifier, and by everything that plots."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_data import write_idx

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.analysis.statistics.samples import facts_of
from explorer.core.class_sets import classes_text
from explorer.core.data.idx import read_idx
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.train_report import report_for
from explorer.worker.headless import train
from explorer.worker.session import Session
from explorer.worker.training.examination import examine
from explorer.worker.training.trainer import Trainer

LEFT_OUT = {0, 4, 5, 9}
TRAINED = sorted(set(range(10)) - LEFT_OUT)
STEPS = 6
"""More than an epoch of the 240 images that are left."""


@pytest.fixture(scope="module")
def others(tiny_data, tmp_path_factory):
    """Return a data set that never had the classes left out, its classes numbered from 0."""
    folder = tmp_path_factory.mktemp("others")
    for prefix in ("train", "t10k"):
        images, labels = (
            read_idx(next(tiny_data.glob(f"{prefix}-{kind}*")), rank)
            for kind, rank in (("images", 3), ("labels", 1))
        )
        kept = np.isin(labels, TRAINED)
        write_idx(folder / f"{prefix}-images-idx3-ubyte", images[kept])
        write_idx(
            folder / f"{prefix}-labels-idx1-ubyte", np.searchsorted(TRAINED, labels[kept]).astype(np.uint8)
        )
    return folder


@pytest.fixture(scope="module")
def config(tiny_data):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 1}
    changes |= {"data.test_probe": 100, "data.train_probe": 50, "data.left_out": classes_text(LEFT_OUT)}
    return RunConfig().replace(changes | {"loss.name": "arcface", "optimizer.rate": 0.02})


class Person:
    """Sends commands to a session in this process and keeps its events."""

    def __init__(self):
        self.events = []
        self.session = Session(self._on_event)

    def _on_event(self, event):
        self.events.append(event)
        if isinstance(event, m.Frame):
            self.session.handle(m.Ack(event.index))

    def send(self, *commands):
        for command in commands:
            self.session.handle(command)
        while self.session.busy:
            self.session.tick()

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_run_is_that_of_a_data_set_without_the_classes_left_out(loss, config, others):
    """Bit for bit: nothing of a class left out can be in a loss, a weight, a centre or a statistic."""
    ours = Trainer(config.replace({"loss.name": loss}))
    changes = {
        "loss.name": loss,
        "data.source": str(others),
        "data.classes": len(TRAINED),
        "data.left_out": "",
    }
    theirs = Trainer(config.replace(changes))
    labels = ours.data.train.labels
    for _ in range(STEPS):
        for trainer in (ours, theirs):
            trainer.step()
        assert set(labels[ours.order].unique().tolist()) == set(TRAINED)
    left, right = ours.state()[0], theirs.state()[0]
    assert left.keys() == right.keys()
    for name in left.keys() - {"order"}:
        assert torch.equal(left[name], right[name]), name
    assert torch.equal(labels[ours.order], torch.tensor(TRAINED)[theirs.data.train.labels[theirs.order]])


@pytest.mark.parametrize("loss", LOSSES)
def test_the_window_predicts_and_judges_as_the_worker_does(loss, config, tmp_path):
    config = config.replace({"loss.name": loss})
    path, sent = tmp_path / "a.lossrun", []
    with RecordingWriter(path, new_header(config)) as writer:
        train(config, m.Until(step=2), sent.append, lambda: False, writer)
    started = next(event for event in sent if isinstance(event, m.Started))
    finished = sent[-1]
    assert (set(started.unseen), started.num_classes, finished.test_samples) == (LEFT_OUT, 10, 60)
    assert (started.train_size, started.trained_size, started.steps_per_epoch) == (400, 240, 4)
    probe = ProbeSet.of(started)
    assert probe.unseen == LEFT_OUT
    with Recording(path) as run:
        assert run.verify() is None
        assert run.started == started
        assert run.header.config.data.unseen == LEFT_OUT
        frames = [run.frame(index) for index in range(len(run.steps))]
    for frame in frames:
        assert frame.probe_samples == 60
        for rows in (frame.weight, frame.bias, frame.centers, frame.log_variance):
            if rows is not None:
                absent = np.isnan(rows.numpy().reshape(10, -1))
                assert absent[sorted(LEFT_OUT)].all()
                assert not absent[TRAINED].any()
        _check_snapshot(Snapshot.of(frame, probe, config))


def _check_snapshot(snapshot):
    """Compare what the window makes of a frame with what the worker says of it."""
    facts, probe, judged = facts_of(snapshot), snapshot.probe, snapshot.probe.judged
    assert np.isin(facts.prediction, TRAINED).all()
    right = (facts.prediction == probe.labels)[judged & (probe.split == m.TEST)]
    assert right.mean() == pytest.approx(
        snapshot.scalars["test_accuracy"], abs=2.5 / 60
    )  # features are rounded
    assert np.isfinite(facts.loss[judged]).all()
    assert np.isnan(facts.loss[~judged]).all()
    assert np.isnan(facts.own_angle[~judged]).all()
    assert np.isfinite(facts.distance).all()
    assert (head_of(snapshot).scores(snapshot.features)[:, sorted(LEFT_OUT)] == -np.inf).all()
    unseen, seen = (int(np.flatnonzero(mask)[0]) for mask in (~judged, judged))
    assert "left out of training" in str(sample_loss(snapshot, unseen).reason)
    found = sample_loss(snapshot, seen)
    assert found.label == probe.labels[seen]
    if found.shares is not None:
        assert found.shares[TRAINED].sum() == pytest.approx(1)


@given(
    left_out=st.sets(st.integers(0, 9), max_size=8), balanced=st.booleans(), subset=st.sampled_from([0, 9])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_classes_can_be_left_out(config, left_out, balanced, subset):
    if subset:
        left_out = left_out - {9}
    if len(left_out) > (subset or 10) - 2:
        left_out = set(sorted(left_out)[:5])
    changes = {"data.left_out": classes_text(left_out), "loss.name": "contrastive" if balanced else "softmax"}
    person = Person()
    person.send(m.Run(m.Until(step=1)), m.Configure(1, config.replace(changes | {"data.subset": subset})))
    assert not person.of(m.Failed)
    (started,) = person.of(m.Started)
    (finished,) = person.of(m.Finished)
    count = subset or 10
    assert set(started.unseen) == left_out
    assert started.trained_size == 40 * (count - len(left_out))
    assert finished.test_samples == 10 * (count - len(left_out))
    assert np.isfinite([finished.loss, finished.test_accuracy, finished.train_accuracy]).all()
    for frame in person.of(m.Frame):
        snapshot = Snapshot.of(
            frame, ProbeSet.of(started), RunConfig().replace({"loss.name": changes["loss.name"]})
        )
        assert not set(facts_of(snapshot).prediction.tolist()) & left_out


def test_the_command_line_names_the_classes_without_an_accuracy(config, capsys):
    with report_for(json_lines=False, epochs=1.0, seconds=None) as report:
        train(config, m.Until(step=1), report.handle, lambda: False)
    lines = capsys.readouterr().out.splitlines()
    assert "(60 images)" in lines[0]
    assert lines[1] == "Classes left out of training, and not in these accuracies: 0,4,5,9"


def test_a_run_with_classes_left_out_is_restored_bit_for_bit(config):
    person = Person()
    person.send(m.SendCheckpoints(0.0), m.Configure(1, config), m.Run(m.Until(step=9)))
    checkpoint = next(one for one in person.of(m.Checkpoint) if one.step >= 3)
    again = Person()
    again.send(m.Restore(seq=1, step=5, elapsed=0.0, checkpoint=checkpoint.data, config=config, threads=1))
    again.send(m.Run(m.Until(step=9)))
    assert not again.of(m.Failed)
    assert again.of(m.Started)[0].unseen == tuple(sorted(LEFT_OUT))
    first, second = (each.of(m.Frame)[-1] for each in (person, again))
    assert (first.step, second.step) == (9, 9)
    assert first.features == second.features
    assert first.weight == second.weight
    assert first.scalars["test_accuracy"] == second.scalars["test_accuracy"]


def test_the_next_batch_has_no_class_that_is_left_out_and_none_can_be_asked_for(config):
    trainer = Trainer(config)
    labels = trainer.data.train.labels
    assert not set(labels[examine(trainer).indices].tolist()) & LEFT_OUT
    strange = (labels == min(LEFT_OUT)).nonzero()[:2, 0]
    with pytest.raises(ValueError, match="left out"):
        examine(trainer, strange)
    person = Person()
    person.send(m.Configure(1, config), m.ExamineBatch(1, Array.of(strange.numpy().astype(np.int32))))
    (failed,) = person.of(m.Failed)
    assert "left out of training" in str(failed.what)


def test_a_frame_of_few_images_has_figures_all_the_same(config):
    """One image of each split is chosen, and nine of ten would be of a class that has no loss."""
    few = {"data.left_out": "0-7", "data.test_probe": 1, "data.train_probe": 1, "optimizer.batch": 20}
    person = Person()
    person.send(m.Run(m.Until(step=1)), m.Configure(1, config.replace(few)))
    assert not person.of(m.Failed)
    for frame in person.of(m.Frame):
        assert frame.probe_samples == 1
        assert np.isfinite(list(frame.scalars.values())).all()


def test_a_live_change_of_the_loss_keeps_the_class_weights(config):
    person = Person()
    person.send(m.Run(m.Until(step=3)), m.Configure(1, config))
    person.send(m.Configure(2, config.replace({"loss.name": "cosface"})))
    assert not person.of(m.Failed)
    before, after = (frame.weight.numpy()[TRAINED] for frame in person.of(m.Frame)[-2:])
    assert np.array_equal(before, after)
