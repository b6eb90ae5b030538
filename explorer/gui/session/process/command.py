"""The command that runs a module of this very program in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import explorer


def own_command(module: str) -> list[str]:
    """Return the command that calls ``main`` of a module of this program, and ends with its exit code.

    The program need not be installed. The current folder is not on its path: a file such as ``random.py``
    there would be taken for a library.
    """
    folder = str(Path(explorer.__file__).parents[1])
    lines = (
        "import sys",  # not shown
        f"sys.path.insert(0, {folder!r})",
        "import explorer",  # not shown
        f"sys.path.remove({folder!r})",  # the modules of the package are found beside the first one
        f"from {module} import main",  # not shown
        "sys.exit(main())",
    )
    return [sys.executable, "-P", "-c", "\n".join(lines)]
