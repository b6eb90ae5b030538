"""The window must never load torch, nor the worker Qt: start-up, memory and safety depend on it."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
QT, TORCH = ("PySide6", "pyqtgraph", "superqt", "shiboken6"), ("torch", "safetensors")


def modules(package):
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "explorer" / package).rglob("*.py"))
        if path.stem not in ("__init__", "__main__")
    ]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("core", QT + TORCH),
        ("analysis", QT + TORCH),
        ("export", QT + TORCH),
        ("gui", TORCH),
        ("worker", QT),
    ],
)
def test_a_process_with_all_modules_of_a_part_has_not_loaded_what_the_part_may_not(
    python, package, forbidden
):
    names = modules(package)
    assert names
    code = f"import sys, {', '.join(names)}; print(*[name for name in {forbidden!r} if name in sys.modules])"
    started = python if package == "worker" else [sys.executable]
    result = subprocess.run([*started, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == ""


def test_core_holds_only_what_a_process_without_a_window_imports():
    """What serves the window alone belongs to `analysis` or `gui`: core is what both sides share."""
    code = (
        "import sys\n"
        "import explorer.worker.loop\n"
        "from explorer.cli import main\n"
        "main(['losses'])\n"
        "main(['train', '--preset', 'there is none of this name'])\n"
        "main(['train', '--config', 'nowhere.toml'])\n"
        "main(['train', '--record', 'nowhere/run.lossrun'])\n"
        "main(['info', 'nowhere.lossrun'])\n"
        f"print('left out:', *[name for name in {modules('core')!r} if name not in sys.modules])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.splitlines()[-1].strip() == "left out:"


def test_the_command_line_loads_neither_before_it_knows_which():
    code = f"import sys, explorer.cli; print(*[name for name in {QT + TORCH!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.strip() == ""


def test_the_import_contracts_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_the_top_level_is_as_agreed():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    agreed = {"explorer", "resources", "tests", "pyproject.toml", "README.md", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} <= agreed


def test_nothing_is_called_later_by_what_keeps_those_alive_that_are_gone():
    """`QTimer.singleShot` of PySide does: see `explorer.gui.drawing.later`."""
    sources = {path: path.read_text() for path in (ROOT / "explorer" / "gui").rglob("*.py")}
    assert [path.name for path, source in sources.items() if "singleShot(" in source] == []


def test_no_folder_is_crowded():
    folders = (path for path in (ROOT / "explorer").rglob("*") if path.is_dir())
    modules = {
        folder.relative_to(ROOT).as_posix(): sum(path.stem != "__init__" for path in folder.glob("*.py"))
        for folder in folders
    }
    modules.pop("explorer/worker/losses")  # one file for each loss
    assert {name: count for name, count in modules.items() if count > 16} == {}


def test_no_module_is_long():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / "explorer").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 280} == {}


def importers():
    """Return the path of each module of the package, and the files that import it."""
    names = {name: ROOT / f"{name.replace('.', '/')}.py" for name in modules(".")}
    found = defaultdict(set)
    for path in (ROOT / "explorer").rglob("*.py"):
        importer = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    found[name].add(importer)
    return {name: (path, found[name]) for name, path in names.items()}


def test_a_small_module_that_one_other_imports_is_part_of_it():
    small = {
        name: sorted(by)
        for name, (path, by) in importers().items()
        if len(path.read_text("utf-8").splitlines()) < 40 and len(by) == 1
    }
    known = {name for name in small if name.startswith("explorer.worker.losses.")}  # one file for each loss
    known.add("explorer.gui.about")  # its sentences are translated, those of the actions are not yet
    assert {name: by for name, by in small.items() if name not in known} == {}


def test_what_the_type_checker_or_the_linter_is_told_to_ignore_has_a_reason():
    told = re.compile(r"# (?:type: ignore|noqa)[^#]*(# )?")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for part in ("explorer", "tests")
        for path in sorted((ROOT / part).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if path != Path(__file__) and (match := told.search(line)) and not match.group(1)
    ]
    assert bare == []


@pytest.mark.parametrize("part", ["core", "analysis", "export", "worker"])
def test_the_tests_of_what_needs_no_window_need_none_either(part):
    lines = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in sorted((ROOT / "tests" / part).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"(from|import) (gui|explorer\.gui)\b", line)
    ]
    assert lines == []
