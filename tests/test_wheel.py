"""Installed from a wheel, the program must find its data set: resources lie outside the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", folder, ROOT]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_a_wheel_in_a_fresh_environment_finds_its_resources(wheel, tmp_path):
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    site = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Dependencies come from the environment that runs the tests; the program itself from the wheel alone.
    others = [path for path in sys.path if path.endswith("site-packages")]
    code = (
        f"import sys; sys.path += {others!r}\n"
        "import explorer, explorer.core.data.datasets as d\n"
        "print(explorer.__file__); print(len(d.load_dataset().train))"
    )
    result = subprocess.run(
        [python, "-E", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    where, count = result.stdout.split()
    assert where.startswith(str(environment))
    assert count == "60000"


def test_the_wheel_carries_the_attribution_of_the_data_set(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("explorer/resources/mnist/README.md").decode()
    assert "LeCun" in text
    assert "CC BY-SA 3.0" in text


def test_the_wheel_has_the_program_and_its_resources_and_nothing_else(wheel):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "explorer", "resources"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    tracked = set(listed.stdout.strip("\0").split("\0"))
    wanted = {name if name.startswith("explorer/") else f"explorer/{name}" for name in tracked}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        described = {Path(name).name for name in archive.namelist() if ".dist-info/" in name}
    assert names == wanted
    assert {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "LICENSE"} == described
