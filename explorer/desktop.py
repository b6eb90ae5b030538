"""The command ``desktop``: adds the program and its file type to a desktop that follows freedesktop.org.

Everything is in the data folder of the user. The files are in ``resources/desktop``; the menu entry is given
the path of this installation, since a virtual environment is on no search path of a desktop.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_data_path

from explorer.core.data.resources import resource
from explorer.core.texts import _, showable
from explorer.exit_codes import DONE, FAILED, complain

_ENTRY = "loss-explorer.desktop"
_PLACES = MappingProxyType(
    {
        _ENTRY: "applications",
        "loss-explorer.xml": "mime/packages",
        "loss-explorer.svg": "icons/hicolor/scalable/apps",
    }
)
"""Folder of each file, below the data folder of the user."""
_INDEXES = MappingProxyType({"update-mime-database": "mime", "update-desktop-database": "applications"})
"""Folder that each tool indexes; until then a desktop may not know what is new."""


def desktop(options: argparse.Namespace) -> int:
    """Install or uninstall, print what was done, and return the exit code."""
    if sys.platform in ("win32", "darwin"):
        return complain(_("menu entries and file types are installed on Linux only."), FAILED)
    data = user_data_path()
    try:
        lines = [*(install(data) if options.action == "install" else uninstall(data))]
    except OSError as error:
        return complain(
            _("the desktop entry cannot be changed: {error}.").format(error=showable(error)), FAILED
        )
    print("\n".join([*lines, *_index(data)]))
    return DONE


def install(data: Path) -> Iterator[str]:
    """Write the files below a data folder, and yield a line on each; raises OSError."""
    for name, folder in _PLACES.items():
        content = resource("desktop", name).read_text("utf-8")
        target = data / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(with_command(content) if name == _ENTRY else content, "utf-8")
        yield _("Written: {file}").format(file=target)


def uninstall(data: Path) -> Iterator[str]:
    """Delete the files that `install` wrote, and yield a line on each; raises OSError."""
    for name, folder in _PLACES.items():
        target = data / folder / name
        if target.exists():
            target.unlink()
            yield _("Deleted: {file}").format(file=target)


def with_command(entry: str, python: Path | None = None) -> str:
    """Return a desktop entry that starts the program of this installation, whatever the search path is.

    Parameters
    ----------
    entry : str
        Content of a ``.desktop`` file, whose command begins with the name of the program.
    python : Path, optional
        The interpreter of the installation; that of this process where left out.
    """
    interpreter = python or Path(sys.executable)
    script = interpreter.with_name("loss-explorer")
    program = script if script.exists() else interpreter
    command = _quoted(program) if program is script else f"{_quoted(program)} -m explorer"
    path = str(program).replace("\\", "\\\\")
    lines = []
    for line in entry.splitlines():
        if line.startswith("TryExec="):
            line = f"TryExec={path}"
        elif line.startswith("Exec="):
            line = line.replace("loss-explorer", command, 1)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    """Return a path as an argument of ``Exec``: in quotes, escaped as all strings are, `%` doubled."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", str(path))
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'


def _index(data: Path) -> Iterator[str]:
    """Run the tools that make changes known at once, and yield a line on each."""
    for tool, folder in _INDEXES.items():
        if not (data / folder).is_dir():
            continue
        if shutil.which(tool) is None:
            yield _("Not found: {tool}. Changes may be visible only after you log in again.").format(
                tool=tool
            )
        elif subprocess.run([tool, data / folder], capture_output=True, check=False).returncode:
            yield _("{tool} failed. Changes may be visible only after you log in again.").format(tool=tool)
        else:
            yield _("Updated: {folder}").format(folder=data / folder)
