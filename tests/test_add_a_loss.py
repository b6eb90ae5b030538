"""The README's "Add a loss", followed to the letter from a package of its own, must work."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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


def test_a_loss_of_another_package_is_listed_and_trains(package, tiny_data):
    listed = json.loads(run(package, "losses", "--json").stdout)
    assert listed[-1]["name"] == "my-loss"
    settings = ["--set", f"data.source={tiny_data}", "--set", "optimizer.batch=50", "--set", "loss.boost=2"]
    result = run(package, "train", "--loss", "my-loss", *settings, "--epochs", "10", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["test_accuracy"] > 0.5


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
