"""The script of a run trains what the run trained: the same losses from the same seed, for every loss."""

import ast
import importlib.util
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from core.recording import small_run
from msgspec.structs import replace

from explorer.cli import main
from explorer.core.data.datasets import load_dataset
from explorer.core.data.resources import resource
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import Configured, Until
from explorer.core.recording.header import new_header
from explorer.core.recording.info import test_accuracy as accuracy_of
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.export.script.history import History
from explorer.export.script.writer import script_of
from explorer.worker import headless
from explorer.worker.frames.probe import evaluate
from explorer.worker.training.trainer import Trainer

STEPS = 12
"""More than an epoch of the tiny data set, so that each is drawn and ended as in the program."""


def tiny_config(tiny_data, **changes):
    settings = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "seed": 3}
    return RunConfig().replace(settings | changes)


def history(config, **changes):
    source = config.data.source
    dataset = load_dataset(source if Path(source).exists() else "mnist")
    known = History(config, config, STEPS, STEPS / 8, "0", mean=dataset.spec.mean, spread=dataset.spec.spread)
    return replace(known, **changes)


def load(script, folder):
    """Import a script as a module of its own, without the program that wrote it."""
    path = folder / "script.py"
    path.write_text(script, "utf-8")
    spec = importlib.util.spec_from_file_location("script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(config, steps=STEPS, changes=()):
    """Return the loss of each step as the program trains."""
    torch.set_flush_denormal(True)
    trainer, losses = Trainer(config), []
    for step in range(steps):
        if step in dict(changes):
            trainer.reconfigure(dict(changes)[step])
        trainer.step()
        losses.append(trainer.meters.take().tensors["loss"].item())
    return losses


@pytest.mark.parametrize("name", LOSSES)
def test_the_script_of_every_loss_trains_as_the_program_does(name, tiny_data, tmp_path):
    config = tiny_config(tiny_data, **{"loss.name": name})
    script = script_of(history(config), "script.py")
    assert LOSSES[name].formula.replace("\\", "\\\\") in script
    found, accuracy = load(script, tmp_path).train(tiny_data)
    assert found == trained(config)
    assert 0 <= accuracy <= 1


@pytest.mark.parametrize("name", LOSSES)
def test_a_script_imports_the_standard_library_and_torch_and_defines_all_else_once(name):
    tree = ast.parse(script_of(history(RunConfig().replace({"loss.name": name})), "script.py"))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    origins = {getattr(node, "module", None) or node.names[0].name for node in imports}
    assert {origin.split(".")[0] for origin in origins} <= set(sys.stdlib_module_names) | {"torch"}
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names += [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(names) == len(set(names))
    assert "Attribution" not in names  # of no use to training: calls that mark values are left out


@pytest.mark.parametrize(
    "changes",
    [
        {"network.name": "mlp", "network.relu": True, "network.dim": 3},
        {"network.name": "lenet++"},
        {"optimizer.name": "adamw", "optimizer.rate": 0.01, "optimizer.schedule": "constant"},
        {"optimizer.momentum": 0.0, "optimizer.warmup": 0, "optimizer.horizon": 0.5},
        {"data.left_out": "3,5-6", "loss.name": "arcface"},
        {"data.subset": 4, "loss.name": "supcon"},
        {"optimizer.batch": 1000},
        {"loss.name": "center", "loss.update": "epoch", "loss.normalize": True},
        {"loss.name": "triplet", "loss.mining": "semi-hard"},
        {"loss.name": "elasticface", "loss.kind": "cos"},
        {"loss.name": "subcenter-arcface", "loss.subcenters": 2},
    ],
    ids=lambda changes: "-".join(map(str, changes.values())),
)
def test_a_script_has_the_settings_of_its_run(changes, tiny_data, tmp_path):
    config = tiny_config(tiny_data, **changes)
    steps = 4 if "lenet++" in changes.values() else STEPS
    script = script_of(history(config, steps=steps), "script.py")
    assert load(script, tmp_path).train(tiny_data)[0] == trained(config, steps)


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_what_changed_during_the_run_changes_at_the_same_step(optimizer, tiny_data, tmp_path):
    first = tiny_config(tiny_data, **{"loss.name": "cosface", "optimizer.name": optimizer})
    changes = (
        (5, first.replace({"loss.margin": 0.3})),
        (8, first.replace({"loss.margin": 0.3, "optimizer.momentum": 0.5, "optimizer.weight_decay": 0.01})),
        (10, first.replace({"loss.margin": 0.3, "optimizer.rate": 0.05})),
    )
    script = script_of(history(changes[-1][1], first=first, changes=changes), "script.py")
    found, _ = load(script, tmp_path).train(tiny_data)
    assert found == trained(first, changes=changes)
    assert found != trained(first)


def test_a_script_is_run_by_its_name(tiny_data, tmp_path, python):
    """From a recording on the command line to the accuracy that the recording has."""
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    record(run, tiny_config(tiny_data, **{"loss.name": "arcface", "threads": 1}), 10)
    assert main(["export", str(run), "--format", "script", "--out", str(script)]) == 0
    code = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    result = subprocess.run([*python, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    accuracy = float(result.stdout.split("test accuracy: ")[1].strip().rstrip("%")) / 100
    with Recording(run) as recording:
        assert accuracy == pytest.approx(accuracy_of(recording), abs=0.011), "but for one image"


def record(path, config, epochs):
    with RecordingWriter(path, new_header(config)) as writer:
        headless.train(config, Until(epoch=epochs), lambda _event: None, lambda: False, writer)


def test_at_a_step_the_script_trains_up_to_it_with_what_was_set_until_then(tmp_path, capsys):
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    small_run.record(run)
    start = ["export", str(run), "--format", "script", "--out", str(script), "--force", "--at"]
    found = {}
    for at in ("10", "30"):
        assert main([*start, at]) == 0
        found[at] = runpy.run_path(str(script))
    assert (found["10"]["STEPS"], found["30"]["STEPS"]) == (10, 30)
    assert (
        found["10"]["LOSS"] == found["30"]["LOSS"] == {"scale": 10.0, "margin": 0.2, "beyond_pi": "fallback"}
    )
    assert "CHANGES" not in found["10"]
    ((step, (values, _config)),) = found["30"]["CHANGES"].items()
    assert (step, values["margin"]) == (15, 0.4)
    assert capsys.readouterr().err.count("This run continues another from step 7.") == 2
    assert main([*start, "all"]) == 2
    assert "--format script takes one step" in capsys.readouterr().err


def test_where_the_loss_changed_the_script_trains_with_the_last_one_and_says_so(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(small_run, "SECOND", small_run.FIRST.replace({"loss.name": "normface"}))
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    small_run.record(run)
    assert main(["export", str(run), "--format", "script", "--out", str(script)]) == 0
    sentence = "The loss of this run changed at step 15. The script trains with NormFace from the start."
    assert sentence in capsys.readouterr().err
    assert sentence in " ".join(script.read_text().split())
    assert "NormFace(CLASSES, DIM)" in script.read_text()


def test_a_script_names_the_stressors_that_it_does_not_repeat(tmp_path, capsys, monkeypatch):
    stressed = small_run.FIRST.replace({"data.wrong_labels": 0.2, "data.blur": 0.5})
    monkeypatch.setattr(small_run, "SECOND", stressed)
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    small_run.record(run)
    assert main(["export", str(run), "--format", "script", "--out", str(script)]) == 0
    sentence = "without data.wrong_labels, data.blur, so its losses differ."
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert sentence in " ".join(script.read_text().split())


def test_of_a_loss_that_changed_twice_the_last_change_is_told(tmp_path, capsys):
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    with RecordingWriter(run, small_run.header()) as writer:
        writer.write(small_run.STARTED)
        for seq, step, name in ((2, 4, "normface"), (3, 8, "arcface")):
            writer.configured(seq, small_run.FIRST.replace({"loss.name": name}))
            writer.write(Configured(3, seq, step))
        writer.write(small_run.frame(2, config_seq=3, config_step=8))
    assert main(["export", str(run), "--format", "script", "--out", str(script)]) == 0
    assert "The loss of this run changed at step 8. The script trains with ArcFace" in capsys.readouterr().err
    assert "CHANGES" not in script.read_text()


def test_a_change_at_the_last_step_was_not_trained_with(tmp_path, capsys):
    """The frame at step 15 shows what the settings before the change came to."""
    run, script = tmp_path / "run.lossrun", tmp_path / "run.py"
    with RecordingWriter(run, small_run.header()) as writer:
        writer.configured(2, small_run.FIRST.replace({"loss.name": "normface"}))
        for item in (small_run.STARTED, small_run.FRAMES[0], Configured(3, 2, 10), small_run.FRAMES[1]):
            writer.write(item)
    assert main(["export", str(run), "--format", "script", "--out", str(script)]) == 0
    assert "The loss of this run changed" not in capsys.readouterr().err
    assert "CHANGES" not in script.read_text()


def test_without_a_folder_a_script_of_mnist_says_what_it_needs(tmp_path, monkeypatch):
    script = script_of(history(RunConfig()), "script.py")
    monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
    with pytest.raises(SystemExit, match="Give the folder with the four IDX files of MNIST"):
        load(script, tmp_path).mnist()


EPOCH = 468
"""Steps of an epoch of MNIST with the usual batch."""


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", LOSSES)
def test_the_script_is_as_accurate_as_the_program_over_three_seeds(name, tmp_path):
    """On MNIST with the default settings, one epoch; the rounding of sums may differ."""
    config = RunConfig().replace({"loss.name": name, "device": "cpu"})
    script = load(script_of(history(config, steps=EPOCH), "script.py"), tmp_path)
    found = []
    for seed in range(3):
        trainer = Trainer(config.replace({"seed": seed}))
        for _ in range(EPOCH):
            trainer.step()
        train = trainer.data.train
        trainer.loss.set_means(trainer.embed(train.images), train.labels, **trainer.live)
        _, accuracy = script.train(resource("mnist"), seed=seed)
        found.append((evaluate(trainer), accuracy))
    print(name, *(f"{program:.4f} {script:.4f}" for program, script in found))
    assert max(abs(script - program) for program, script in found) < 0.005


def test_no_name_of_a_folder_or_file_breaks_the_script():
    config = RunConfig().replace({"data.source": '/data/new "\\images"""'})
    tree = ast.parse(script_of(history(config), 'a".py'))
    assert ' on new "\\images""": ' in ast.get_docstring(tree)
    assert 'python a".py FOLDER' in ast.get_docstring(tree)
    assert config.data.source in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_of_an_idx_file_as_source_the_script_reads_the_folder(tiny_data):
    config = tiny_config(tiny_data, **{"data.source": str(tiny_data / "train-labels-idx1-ubyte")})
    tree = ast.parse(script_of(history(config), "a.py"))
    assert str(tiny_data) in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert f" on {tiny_data.name}: " in ast.get_docstring(tree)
