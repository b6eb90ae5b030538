"""Files that are whole or not there: what a crash, a full disk or a power cut may leave of one.

The method is that of SQLite and of editors: the new content is written under another name in the same folder,
brought to the disk, and only then given the name of the old one, which POSIX does in one step. See
T. Pillai et al., "All file systems are not created equal", OSDI 2014, for what happens without the second.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from explorer.core.texts import _

PARTIAL_PREFIX = ".loss-explorer-"
"""Start of the names of files and folders that are not finished; a killed process leaves them behind."""
MOST_BYTES = 16_000_000
"""Size up to which `read_regular` reads a file: far more than `write_whole` is used for."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in place of an older one; whoever reads it finds all of the old content or of the new.

    A symbolic link is followed, so that the file it names is written. Permissions of the old file are kept.

    Raises
    ------
    OSError
        If it cannot be written, or is protected from that: the old content is there, and nothing else.
    """
    target = Path(os.path.realpath(path))
    partial = target.with_name(f"{PARTIAL_PREFIX}{secrets.token_hex(8)}")
    mode = _mode_of(target)
    try:
        file = os.open(partial, _NEW, 0o666)
        try:
            if mode is not None:
                with suppress(OSError):  # such as on FAT, which has no permissions
                    os.chmod(partial, mode)
            write_all(file, data)
            sync(file)
        finally:
            os.close(file)
        os.replace(partial, target)
    except OSError:
        with suppress(OSError):
            os.unlink(partial)
        raise
    sync_folder(target.parent)


def write_all(file: int, data: bytes | memoryview) -> None:
    """Write all bytes to a file descriptor; raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def sync(file: int) -> None:
    """Bring the content of a file descriptor to the disk; raises OSError."""
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that has no such thing
            raise


def sync_file(path: Path) -> None:
    """Bring the content of a file to the disk; raises OSError."""
    file = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        sync(file)
    finally:
        os.close(file)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk, as far as the system can: a new name is valid without."""
    if sys.platform == "win32":
        return  # it opens no folders
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading, without waiting for whoever writes into a pipe.

    Raises
    ------
    OSError
        If it cannot be opened, or is no file: a folder, a pipe, a device.
    """
    file = open(path, "rb", opener=_opened_at_once)  # noqa: SIM115  # the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(_("it is not a file"))
    return file


def _opened_at_once(path: str, _flags: int) -> int:
    return os.open(path, _READ)


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a file.

    Raises
    ------
    OSError
        As `open_regular`, and where it has more than ``most`` bytes.
    """
    with open_regular(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(_("it is too large"))
    return data


def _mode_of(path: Path) -> int | None:
    """Return the permissions of a file that may be replaced; None for none.

    Raises
    ------
    PermissionError
        If nobody may write it: to replace it needs the permission to write into its folder only.
    IsADirectoryError
        If it is a folder.
    """
    try:
        found = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not found & 0o222:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return stat.S_IMODE(found)
