"""New files and folders: written under another name first, so that none is ever half in its place."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from explorer.core.files import PARTIAL_PREFIX, sync_file
from explorer.core.texts import TextError


class ExportError(TextError):
    """A file cannot be written; the message is one sentence."""


class ExportUsageError(ExportError):
    """What was asked for is not possible; the message says what is."""


@contextmanager
def new_files(targets: Sequence[Path], *, force: bool) -> Iterator[list[Path]]:
    """Yield a path to write for each target; after the block they take the targets' place.

    Where the block fails, or one of them cannot take its place, nothing is changed. Of a symbolic link, the
    file that it leads to is written.

    Parameters
    ----------
    targets : sequence of Path
        The files to be.
    force : bool
        Whether files of these names are replaced.

    Raises
    ------
    ExportUsageError
        If a target exists, and is a folder or not to be replaced.
    ExportError
        If they cannot be written, also for an OSError of the block.
    """
    check_files(targets, force=force)
    with _said(targets[0]), ExitStack() as stack:
        places = [Path(os.path.realpath(target)) if target.is_symlink() else target for target in targets]
        folders = {place.parent: stack.enter_context(_temporary_folder(place.parent)) for place in places}
        partial = [
            folders[place.parent] / f"{number}{target.suffix}"
            for number, (place, target) in enumerate(zip(places, targets, strict=True))
        ]
        yield partial
        for path in partial:
            sync_file(path)
        _put_in_place(partial, places)


def check_files(targets: Sequence[Path], *, force: bool) -> None:
    """Raise what `new_files` raises for these files before it yields."""
    with _said(targets[0]):
        for target in targets:
            if target.is_dir():
                raise ExportUsageError("{file} is a folder. Choose the name of a file.", file=target)
            if _exists(target) and not force:
                raise _exists_error(target)


@contextmanager
def new_folder(target: Path, *, force: bool, is_part: Callable[[str], bool]) -> Iterator[Path]:
    """Yield a new folder to fill; after the block it takes the target's place.

    Parameters
    ----------
    target : Path
        The folder to be.
    force : bool
        Whether a folder of this name is replaced.
    is_part : callable
        Whether a file name is that of a part of such an export: a folder with any other file is never
        replaced.

    Raises
    ------
    ExportUsageError
        If the target exists and is not to be replaced.
    ExportError
        If it cannot be written, also for an OSError of the block.
    """
    with _said(target):
        if target.is_dir():
            names = os.listdir(target)
            if names and not force:
                raise _exists_error(target)
            foreign = sorted(name for name in names if not is_part(name))
            if foreign:
                raise ExportUsageError(
                    "{folder} has other files in it, such as {name}. Choose the name of a new folder.",
                    folder=target,
                    name=foreign[0],
                )
        elif _exists(target):
            raise ExportUsageError("{file} is a file. Choose the name of a new folder.", file=target)
        with _temporary_folder(target.parent) as folder:
            fresh = folder / "new"
            fresh.mkdir()
            yield fresh
            for path in fresh.rglob("*"):
                if path.is_file():
                    sync_file(path)
            _replace_folder(fresh, target)


def disk_full() -> OSError:
    """Return why Qt has not written a file in a folder that was just made: it does not say so itself."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _put_in_place(sources: Sequence[Path], places: Sequence[Path]) -> None:
    """Give new files their names; where one cannot have it, all old ones have theirs again."""
    kept: list[tuple[Path, Path | None]] = []
    try:
        for source, place in zip(sources, places, strict=True):
            if len(places) > 1:
                kept.append((place, _kept(place, source.with_name(f"old-{source.name}"))))
            os.replace(source, place)
    except BaseException:
        for place, old in kept:
            with suppress(OSError):
                if old is None:
                    place.unlink(missing_ok=True)
                else:
                    os.replace(old, place)
        raise


def _kept(place: Path, name: Path) -> Path | None:
    """Give a file a second name, and return it; None where there is no such file."""
    if not _exists(place):
        return None
    try:
        os.link(place, name)
    except OSError:  # not every file system has second names
        shutil.copy2(place, name)
    return name


def _replace_folder(fresh: Path, target: Path) -> None:
    """Put a folder in the place of another, which is deleted once that is done."""
    if not target.is_dir():
        os.replace(fresh, target)
        return
    old = target.with_name(f"{PARTIAL_PREFIX}{secrets.token_hex(8)}")
    os.replace(target, old)
    try:
        os.replace(fresh, target)
    except BaseException:
        os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exists(path: Path) -> bool:
    """Return whether there is anything of this name, a broken link too; raises OSError for a bad name."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _exists_error(path: Path) -> ExportUsageError:
    return ExportUsageError(
        "{file} already exists. Choose another name, or overwrite it with --force.", file=path
    )


@contextmanager
def _temporary_folder(parent: Path) -> Iterator[Path]:
    """Yield a folder on the disk of the target, so that moving from it is a matter of renaming."""
    folder = Path(tempfile.mkdtemp(prefix=PARTIAL_PREFIX, dir=parent))
    try:
        yield folder
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


@contextmanager
def _said(target: Path) -> Iterator[None]:
    """Turn an OSError into a sentence about the target."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not target.parent.is_dir():
            raise ExportError(
                "Cannot write {file}: there is no folder {folder}.", file=target, folder=target.parent
            ) from None
        if error.errno == errno.ENAMETOOLONG:
            raise ExportError("Cannot write {file}: the name is too long.", file=target) from None
        raise ExportError("Cannot write {file}: {error}.", file=target, error=error) from None
