"""A preset begins a fresh run with all of its settings, and says how long it takes once that is known."""

from __future__ import annotations

import pytest
from gui.session.fake_client import FakeClient, announce, frame
from msgspec import structs
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import find_preset
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.banner import Banner
from explorer.gui.presets.slow_run import SlowRun
from explorer.gui.presets.speeds import MeasuredSpeeds
from explorer.gui.session.run import Run

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Client(FakeClient):
    """One that a window has."""

    logged = Signal(str)


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def run(client):
    run = Run(client, RunConfig())
    run.open()
    yield run
    run.close()


def train_to(run, client, step):
    run.start()
    client.eventReceived.emit(frame(announce(client), step))


def test_the_run_so_far_trains_no_step_with_the_new_settings(run, client):
    train_to(run, client, 200)
    before = len(client.sent)
    wanted = run.config.replace({"loss.name": "center", "network.dim": 3, "optimizer.rate": 0.01})
    run.begin_with(wanted)
    sent = [command for command in client.sent[before:] if not isinstance(command, m.Ack)]
    assert [type(command) for command in sent] == [m.Restart, m.Run]
    assert sent[0].config == wanted
    assert (run.phase, run.snapshot, run.pending.restart) == ("running", None, ())


def test_a_run_that_has_not_begun_takes_the_settings_as_they_are(run, client):
    announce(client)
    run.begin_with(run.config.replace({"loss.name": "center"}))
    assert run.phase == "ready"
    assert not client.of(m.Restart)
    assert client.configurations[-1].config.loss.name == "center"


def test_how_long_it_takes_is_said_once_this_machine_has_trained_so(run, client):
    speeds = MeasuredSpeeds(run, {})
    announce(client)
    preset = RunConfig().replace({"optimizer.horizon": 3.0, "data.subset": 8})
    assert speeds.text(preset) == ""
    train_to(run, client, 50)
    assert speeds.known == {}, "the speed of starting"
    client.eventReceived.emit(frame(client.configurations[-1].seq, 150))
    assert speeds.known == {"compact 128 cpu": 9.0}
    found = speeds.estimate(preset)  # 60 images of ten classes, of which eight are trained on
    assert (found.epochs, found.speed) == (3.0, 9.0)
    assert found.seconds == pytest.approx(3 * 48 / 9)
    assert speeds.text(preset) == "3 epochs take about 16 seconds here, at 9 images/s."
    assert speeds.text(preset.replace({"network.name": "lenet++"})) == "", "another network has another speed"


def test_a_network_that_is_slow_here_is_said_to_be_and_another_offered(run, client, qtbot):
    """Figures of papers that train LeNet++ came to nothing within minutes on two cores, without a word."""
    banner = Banner()
    qtbot.addWidget(banner)
    messages = Announcements(banner, run, banner)
    speeds = MeasuredSpeeds(run, {"compact 128 cpu": 60.0})
    SlowRun(run, speeds, messages, messages)
    run.change({"network.name": "lenet++", "optimizer.horizon": 50.0})
    train_to(run, client, 3)
    assert banner.message == "", "its speed is not known yet"
    event = frame(client.configurations[-1].seq, 4)
    client.eventReceived.emit(structs.replace(event, elapsed=12.0))
    assert banner.message == (
        "50 epochs take about 6 minutes here, at 9 images/s. The Compact network takes about 50 seconds."
    )
    assert banner.buttons[0].text() == "Restart with network Compact"
    banner.buttons[0].click()
    assert (run.config.network.name, run.phase) == ("compact", "running")
    assert banner.message == "", "it belongs to the run before"
    client.eventReceived.emit(structs.replace(frame(client.configurations[-1].seq, 4), elapsed=12.0))
    assert banner.message == ""


def test_speeds_are_remembered(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(speeds={"compact 128 cpu": 9432.5}))
    assert load_memory(path)[0].speeds == {"compact 128 cpu": 9432.5}


@pytest.fixture
def app(tmp_path, monkeypatch, client):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(theme="light", speeds={"lenet++ 128 cpu": 40.0}))
    monkeypatch.setattr("explorer.gui.run_host.WorkerClient", lambda *_arguments: client)
    app = App(["/nowhere"], path)
    app.run.open()
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_preset_of_the_menu_keeps_the_run_and_tells_the_time(app, client):
    train_to(app.run, client, 200)
    preset = find_preset("wen-2016-center-lambda-1")
    app.presets.load()
    app.actions.action(f"preset.{preset.name}").trigger()
    message = app.window.banner.message
    assert app.run.config.loss == preset.config.loss
    assert client.of(m.Restart)[-1].config.network.name == "lenet++"
    epochs = preset.config.optimizer.horizon
    assert f"{epochs:g} epochs take about" in message
    assert "at 40 images/s." in message
    assert message.endswith("The run so far is kept in Runs.")
    assert "Restart to apply" not in app.window.banner.accessibleName()


def test_a_preset_of_eight_classes_is_used_with_fewer_and_says_so(app):
    app.run.change({"data.source": "rings", "data.classes": 4})
    preset = find_preset("wang-2018-cosface-m-0-1")
    app.presets.apply(preset)
    config = app.run.config
    assert config.loss == preset.config.loss
    assert (config.data.source, config.data.trained) == ("rings", (0, 1, 2, 3))
    said = "The choice of classes is not used: this data set has only 4 classes."
    assert said in app.window.banner.message
    app.run.change({"data.source": "mnist", "data.classes": 10})
    app.presets.apply(preset)
    assert app.run.config.data.subset == 8
    assert said not in app.window.banner.message
