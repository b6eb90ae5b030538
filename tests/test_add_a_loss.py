"""The README's "Add a loss", followed to the letter from a package of its own, must work."""

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

VIEWS = """
import numpy as np
from analysis.snapshots import make_snapshot

from explorer.analysis.margins.class_pairs import pair_samples
from explorer.analysis.margins.feasibility import check
from explorer.analysis.margins.target_curve import THETA, angle_data
from explorer.analysis.margins.two_class import boundaries
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.plane.regions import division
from explorer.core.protocol.messages import TEST
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.margin_curve.content import margin_content

snapshot = make_snapshot(loss="my-loss", params={"margin": 0.1})
target = 0.95 * np.cos(THETA) - 0.05

content = margin_content(snapshot.config, ("normface",), snapshot, angle_data(snapshot, TEST), LIGHT)
own, other, plain = content.curves
assert own.text == "My loss"
np.testing.assert_allclose(own.values, target, atol=1e-12)
np.testing.assert_allclose(other.values, plain.values, atol=1e-12)
assert len(content.pulls) == 2
assert content.pulls[0].values.max() > 0

# In a class 36 degrees wide, what misses the margin lies beyond where T(θ) = cos(36° − θ).
found = division(snapshot, Rectangle(-10, -10, 10, 10), 0.02)
assert len(found.regions) == 10, len(found.regions)
assert len(found.bands) == 20, len(found.bands)
edge = THETA[np.flatnonzero(target < np.cos(np.pi / 5 - THETA))[0]]
width = 1 - np.degrees(edge) / 18
def area(regions):
    corners = [(r.polygon, np.roll(r.polygon, -1, axis=0)) for r in regions]
    return sum(abs((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / 2 for a, b in corners)
share = area(found.bands) / area(found.regions)
assert abs(share - width) < 0.05, (share, width)

samples = pair_samples(snapshot, TEST, (0, 1), "cosines")
bounds = boundaries(samples.rivals)
mine, other = np.concatenate(bounds.train[0].edges).T
np.testing.assert_allclose(0.95 * mine - 0.05, other, atol=2e-3)

assert check(snapshot.config) == []
(concern,) = check(snapshot.config.replace({"loss.margin": 0.4}))
assert concern.name == "loss.margin"
assert abs(concern.remedy["loss.margin"] - 0.1) < 0.01
assert "so the margin cannot exceed 0.19." in str(concern.text)
(concern,) = check(snapshot.config.replace({"loss.scale": 1.0}))
assert concern.name == "loss.scale"
print("all shown")
"""


@pytest.fixture
def package(tmp_path):
    """Return a folder with the README's package as pip would lay it out."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## Add a loss")[1].split("\n## ")[0]
    blocks = re.findall(r"```(\w+)\n# (\S+)\n(.*?)```", text, flags=re.DOTALL)
    files = {name: code for _, name, code in blocks}
    assert set(files) == {"pyproject.toml", "my_package/description.py", "my_package/module.py"}
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "__init__.py").touch()
    for name, code in files.items():
        (tmp_path / name).write_text(code)
    groups = tomllib.loads(files["pyproject.toml"])["project"]["entry-points"]
    information = tmp_path / "my_package-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items())
        for group, points in groups.items()
    ]
    (information / "entry_points.txt").write_text("\n".join(lines))
    return tmp_path


def run(package, *arguments):
    code = f"import sys; sys.path.insert(0, {str(package)!r}); sys.argv[0] = 'x'\n"
    code += "from explorer.cli import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        cwd=ROOT,
    )


def test_a_loss_of_another_package_is_listed_trains_and_is_exported_as_code(package, tiny_data):
    listed = json.loads(run(package, "losses", "--json").stdout)
    assert listed[-1]["name"] == "my-loss"
    settings = [
        "--set",
        f"data.source={tiny_data}",
        "--set",
        "optimizer.batch=50",
        "--set",
        "loss.margin=0.05",
    ]
    record = ["--epochs", "10", "--record", str(package / "run.lossrun"), "--json"]
    result = run(package, "train", "--loss", "my-loss", *settings, *record)
    assert result.returncode == 0, result.stderr
    frames = [json.loads(line) for line in result.stdout.splitlines()]
    assert frames[-1]["test_accuracy"] > 0.5

    script = package / "script.py"
    result = run(package, "export", str(package / "run.lossrun"), "--format", "script", "--out", str(script))
    assert result.returncode == 0, result.stderr
    assert "my_package" not in script.read_text(), "it needs the package no more"
    losses, _ = runpy.run_path(str(script))["train"](tiny_data, steps=25)
    assert sum(losses) / 25 == pytest.approx(frames[1]["loss"], rel=1e-5), "mean of the first 25 steps"


def test_its_description_is_read_without_torch(package):
    code = f"import sys; sys.path.insert(0, {str(package)!r})\n"
    code += "from explorer.core.losses.catalog import LOSSES\n"
    code += "assert 'my-loss' in LOSSES; print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "False"


def test_a_package_that_offers_something_else_is_named(package):
    description = package / "my_package" / "description.py"
    description.write_text("SPEC = 3\n")
    result = run(package, "losses")
    assert result.returncode == 0
    assert "arcface" in result.stdout
    assert "my_package.description:SPEC" in result.stderr
    assert result.stderr.count("\n") == 1


def test_all_that_is_drawn_of_a_margin_is_drawn_of_one_from_another_package(package):
    """T(θ), margin bands, the boundary of two classes, and what is feasible: without a line changed here."""
    code = f"import sys; sys.path[:0] = {[str(package), str(ROOT / 'tests')]!r}\n{VIEWS}"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=False, cwd=ROOT
    )
    assert result.stdout == "all shown\n", result.stderr


def test_a_geometry_that_cannot_be_drawn_is_refused_in_a_sentence(package):
    description = package / "my_package" / "description.py"
    description.write_text(description.read_text().replace('margins=("margin",)', 'margins=("m",)'))
    result = run(package, "losses")
    assert "my-loss" not in result.stdout
    assert (
        "The loss 'my-loss' of 'my_package.description:SPEC' was not loaded: geometry.margins"
        in result.stderr
    )
    assert result.stderr.count("\n") == 1


def test_a_module_that_does_not_fit_its_description_is_refused_in_a_sentence(package, tiny_data):
    module = package / "my_package" / "module.py"
    module.write_text(module.read_text().replace("scale, margin)", "scale, boost)"))
    settings = ["--set", f"data.source={tiny_data}", "--set", "optimizer.batch=50"]
    result = run(package, "train", "--loss", "my-loss", *settings, "--epochs", "1", "--json")
    assert result.returncode == 1
    assert "My loss: logits of its module does not take the parameter 'margin'" in result.stderr
    assert "Traceback" not in result.stderr


DYING = """
import os, pathlib, time

how = (pathlib.Path(__file__).parents[1] / "how").read_text()
calls = []

def act(now):
    if how == now == "exits on import":
        os._exit(3)
    calls.append(now)
    if now == "step" and len(calls) > 5:
        if how == "exits in a step":
            os._exit(4)
        while how == "hangs in a step":
            time.sleep(60)

act("exits on import")
"""
"""What the module of the package begins with; its loss calls `act` in every step."""
SURVIVING = """
import os, pathlib, sys, time
from PySide6.QtCore import QCoreApplication
from explorer.core.settings.config import RunConfig
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient, local_worker

folder, data = map(pathlib.Path, sys.argv[1:])
application = QCoreApplication([])
client = WorkerClient(local_worker())
plain = {"data.source": str(data), "optimizer.batch": 50, "device": "cpu", "threads": 1}
run = Run(client, RunConfig().replace({**plain, "loss.name": "my-loss"}))
told = []
run.problemOccurred.connect(lambda problem: told.append(str(problem.text)))

def wait(condition):
    end = time.monotonic() + 60
    while not condition():
        application.processEvents()
        assert time.monotonic() < end, (told, run.phase)
        time.sleep(0.01)

for how in ("exits on import", "exits in a step", "hangs in a step"):
    (folder / "how").write_text(how)
    told.clear()
    if how == "exits on import":
        run.open()
    else:
        run.set_param("loss.name", "my-loss")
        run.restart()
    run.start()
    wait(lambda: client.stalled if how == "hangs in a step" else told)
    print(how, told, run.config.loss.name)
    run.set_param("loss.name", "softmax")
    run.restart()
    run.start()
    shown = lambda: run.snapshot and run.snapshot.step > 3 and run.snapshot.config.loss.name
    wait(lambda: shown() == "softmax")
run.close()
"""
"""A window's run, of which each loss of the package ends or stops the worker; another loss trains on."""


def test_a_loss_that_ends_the_trainer_costs_a_run_and_another_loss_trains_on(package, tiny_data):
    module = package / "my_package" / "module.py"
    code = module.read_text()
    step = "        cosines, cosine, _ ="
    assert step in code
    module.write_text(DYING + code.replace(step, f'        act("step")\n{step}'))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(package), str(ROOT)))}
    command = [sys.executable, "-c", SURVIVING, str(package), str(tiny_data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2_000:]
    first, second, third = done.stdout.splitlines()
    assert "ended with exit code 3" in first
    assert "ended with exit code 4" in second
    assert all("Your settings are kept." in line and line.endswith("my-loss") for line in (first, second))
    assert third == "hangs in a step [] my-loss"
