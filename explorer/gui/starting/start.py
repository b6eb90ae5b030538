"""Starts the window, or raises an error that says what this machine lacks for it."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from explorer.core.texts import N_, Text, TextError, text

_DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_NO_ANSWER = N_(
    "the display {display!r} does not respond; start it in a desktop session, or train without a window: "
    "loss-explorer train."
)
_LIBRARY = re.compile(r"lib[\w.+-]+\.so[\w.]*")


class StartError(TextError):
    """The window cannot open here; the message is one sentence that says what to do."""


def start(
    worker_command: Sequence[str],
    files: Sequence[Path] = (),
    *,
    safe: bool = False,
    lesson: str = "",
    data: str = "",
) -> int:
    """Open the window, with files in it where some are given, and return its exit code once it is closed.

    ``data`` is the name or path of the data set to train on, empty for the one of the settings.

    In ``safe`` mode nothing is restored, and nothing but recordings is saved. A ``lesson``, the name of its
    file or a link, has a window of its own, of which nothing is remembered.

    Raises
    ------
    StartError
        Where there is no display, or a system library is missing.
    GuideError
        If the lesson cannot be read or is not valid.
    """
    check_machine()
    if lesson:
        from explorer.gui.lessons.opening import open_lesson

        return open_lesson(worker_command, lesson)
    from explorer.gui.app import App
    from explorer.gui.app_holder import AppHolder
    from explorer.gui.memory.saved_state import StartMode
    from explorer.gui.memory.window_memory import store_path
    from explorer.gui.session.recorder import runs_path
    from explorer.gui.starting.termination import TerminationSignals
    from explorer.gui.theme.application import make_application

    application = make_application()
    holder: AppHolder
    signals = TerminationSignals(lambda: holder.close())
    application.commitDataRequest.connect(lambda _session: holder.save())
    mode: StartMode | None = "safe" if safe else "beside" if files or data else "restore"
    code = 0
    while mode is not None:
        holder = AppHolder(App(worker_command, store_path(), runs=runs_path(), mode=mode))
        holder.open(files)
        if data:
            holder.app.data_sets.choose(data)
        code = application.exec()
        mode, files, data = holder.next_mode, (), ""  # what is asked for then is the last session
        holder.let_go()
    signals.close()
    return code


def check_machine() -> None:
    """Raise StartError where this machine lacks something that the window needs."""
    if sys.platform == "linux":
        if not has_display(os.environ):
            raise StartError(
                "there is no display to open a window on; start it in a desktop session, or train without a "
                "window: loss-explorer train."
            )
        _check_libraries()
        platform = _platform(os.environ)
        if platform == "xcb":
            _check_x_server()
        elif platform == "wayland":
            _check_compositor(os.environ)


def has_display(environment: Mapping[str, str]) -> bool:
    """Return whether the environment names a display; other systems than Linux always have one."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(environment.get(name) for name in names)


def missing_sentence(libraries: Iterable[str]) -> Text:
    """Return what to install for these libraries, in one sentence."""
    names = sorted(set(libraries))
    packages = sorted({_DEBIAN_PACKAGES[name] for name in names if name in _DEBIAN_PACKAGES})
    if not packages:
        return text("the window needs {libraries}, which this system lacks.", libraries=names)
    return text(
        "the window needs {libraries}, which this system lacks; on Debian or Ubuntu: "
        "apt-get install {packages}",
        libraries=names,
        packages=" ".join(packages),
    )


def _platform(environment: os._Environ[str]) -> str:
    """Return the Qt platform that the window would use."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    return chosen or ("wayland" if environment.get("WAYLAND_DISPLAY") else "xcb")


def _check_libraries() -> None:
    """Raise StartError where Qt lacks a library: Qt itself would abort without naming the package."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        raise StartError("PySide6 is not installed; install Loss Explorer again with pip.")
    folder = Path(spec.origin).parent
    platform, platforms = _platform(os.environ), folder / "Qt/plugins/platforms"
    known = sorted(plugin.stem.removeprefix("libq") for plugin in platforms.glob("libq*.so"))
    if known and platform.partition("-")[0] not in known:
        raise StartError(
            "Qt has no platform {platform!r} (QT_QPA_PLATFORM). It has: {known}.",
            platform=platform,
            known=known,
        )
    parts = [folder / "Qt/lib/libQt6Gui.so.6", folder / "Qt/lib/libQt6Widgets.so.6"]
    if platform == "xcb":
        parts.append(platforms / "libqxcb.so")
    missing = {name for part in parts if part.exists() for name in _missing(part)}
    if missing:
        raise StartError(missing_sentence(missing))


def _check_compositor(environment: Mapping[str, str]) -> None:
    """Raise StartError where no Wayland compositor answers: Qt would abort the process."""
    name = environment.get("WAYLAND_DISPLAY") or "wayland-0"
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(Path(environment.get("XDG_RUNTIME_DIR") or "/run", name)))
        except OSError:
            raise StartError(_NO_ANSWER, display=name) from None


def _missing(library: Path) -> list[str]:
    """Return the libraries that this one needs and the system lacks."""
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        first = _LIBRARY.search(str(error))
        ldd = shutil.which("ldd")
        if ldd is not None:
            listing = subprocess.run([ldd, library], capture_output=True, text=True, check=False).stdout
            lacking = "=> not found"  # not shown: what ldd prints
            names = [line.split()[0] for line in listing.splitlines() if lacking in line]
            if names:
                return names
        return [first[0]] if first else []
    return []


def _check_x_server() -> None:
    """Raise StartError where the X server does not answer: Qt would abort the process."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if failed:
        raise StartError(_NO_ANSWER, display=os.environ.get("DISPLAY", ""))
