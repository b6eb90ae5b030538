"""What a run of any loss sends must be a recording that passes its own checks, with all that views draw."""

import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol import messages as m
from explorer.core.recording.header import new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.worker.headless import train


@pytest.mark.parametrize("loss", LOSSES)
def test_a_run_of_every_loss_is_recorded_whole(loss, tiny_data, few_images, tmp_path):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "loss.name": loss}
    config = RunConfig().replace(changes | few_images | {"data.probe_every": 1, "network.dim": 3})
    path, sent = tmp_path / "a.lossrun", []
    with RecordingWriter(path, new_header(config)) as writer:
        train(config, m.Until(step=2), sent.append, lambda: False, writer)
    frames = [event for event in sent if isinstance(event, m.Frame)]
    with Recording(path) as run:
        assert run.verify() is None
        assert run.steps == (0, 1, 2)
        assert run.header.torch == torch.__version__
        for index, frame in enumerate(frames):
            kept = run.frame(index)
            assert kept.features.numpy() == pytest.approx(frame.features.numpy(), rel=2**-10, abs=1e-4)
            rest = m.Frame.__struct_fields__
            assert all(getattr(kept, name) == getattr(frame, name) for name in rest if name != "features")
