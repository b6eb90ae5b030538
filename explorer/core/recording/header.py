"""The header of a recording, and the messages that only recordings have.

A ``.lossrun`` file is an MCAP file (https://mcap.dev). The header is a metadata record; messages are those of
the protocol in MessagePack, each in its own chunk with a checksum; checkpoints are attachments.
"""

from __future__ import annotations

import os
import platform
import uuid
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from msgspec import Struct

from explorer import __version__
from explorer.core.data.datasets import DatasetError, dataset_digest
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_toml, to_toml
from explorer.core.texts import Text, TextError

SUFFIX = ".lossrun"
FORMAT = 1
"""Version of the format, raised when older programs would misread a file."""
PROFILE = "loss-explorer"
METADATA = "run"
INDEX = "frames"
"""Name of the attachment with the `FrameIndex`, which a proper close adds."""
CHECKPOINT = "checkpoint-"
"""Prefix of the names of attached checkpoints; the step follows."""
STARTED, FRAME, SETTING, NOTICE, EVENT = TOPICS = ("started", "frame", "setting", "notice", "event")


class RecordingError(TextError):
    """A recording cannot be written or read; the message names the file and the reason."""


class Parent(Struct, frozen=True):
    """The run and the step from which a run was continued."""

    run: str
    step: int


class RunHeader(Struct, frozen=True, kw_only=True):
    """What is known of a run before it starts.

    Parameters
    ----------
    run : str
        Unique id of the run, to which branches refer.
    config : RunConfig
        The configuration that the run starts with.
    version : str
        Version of the program that recorded it.
    created : str
        Time of creation, ISO 8601, UTC.
    machine : str
        Operating system, architecture and number of cores of the machine that recorded it.
    torch : str
        Version of PyTorch that trained it; empty for files that do not say it.
    data_digest : str
        SHA-256 of the files of the data set; empty if they cannot be read.
    name, notes : str
        Name and notes by the user.
    parent : Parent, optional
        The run from which this one was continued.
    """

    run: str
    config: RunConfig
    version: str
    created: str
    machine: str
    torch: str = ""
    data_digest: str = ""
    name: str = ""
    notes: str = ""
    parent: Parent | None = None


class RunEvent(Struct, frozen=True):
    """Something detected in the frames of a run, such as that a class has been learnt.

    ``kind`` is an identifier; ``text`` says what happened, and ``cause`` what happened just before it, None
    for nothing. ``classes`` are the classes that it is about, ``rows`` the images, as rows of the probe set.
    """

    step: int
    kind: str
    text: Text
    cause: Text | None = None
    classes: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()


class FrameIndex(Struct, frozen=True):
    """One entry per frame: step and number of the configuration (int32), elapsed seconds (float32)."""

    steps: Array
    config_seqs: Array
    elapsed: Array


def new_run_id() -> str:
    """Return a unique id for a run."""
    return uuid.uuid4().hex


def is_this_machine(machine: str) -> bool:
    """Return whether the ``machine`` of a header is this one, whatever the release of its system."""
    return machine.startswith(f"{platform.system()} ") and machine.endswith(f" {_processor()}")


def torch_version() -> str:
    """Return the version of PyTorch that is installed, without loading it; empty for none."""
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


def new_header(
    config: RunConfig,
    *,
    run: str = "",
    name: str = "",
    notes: str = "",
    parent: Parent | None = None,
    data_digest: str | None = None,
) -> RunHeader:
    """Return the header of a new run on this machine.

    ``run`` is its id, a new one where it is empty. The files of its data set are read where ``data_digest``
    is None.
    """
    if data_digest is None:
        data_digest = digest_or_nothing(config.data.source)
    return RunHeader(
        run=run or new_run_id(),
        config=config,
        version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=f"{platform.system()} {platform.release()} {_processor()}",
        torch=torch_version(),
        data_digest=data_digest,
        name=name,
        notes=notes,
        parent=parent,
    )


def digest_or_nothing(source: str) -> str:
    """Return the digest of a data set; empty where it cannot be read, of which training tells."""
    try:
        return dataset_digest(source)
    except DatasetError:
        return ""


def to_metadata(header: RunHeader) -> dict[str, str]:
    """Return a header as the text fields of a metadata record.

    MCAP has no checksum for metadata, so one is added. ``seed``, ``device`` and ``data`` repeat parts of the
    configuration for other tools.
    """
    parent = header.parent
    fields = {
        "format": str(FORMAT),
        "version": header.version,
        "run": header.run,
        "created": header.created,
        "config": to_toml(header.config),
        "seed": str(header.config.seed),
        "device": header.config.device,
        "machine": header.machine,
        "torch": header.torch,
        "data": header.config.data.source,
        "data_digest": header.data_digest,
        "name": header.name,
        "notes": header.notes,
        "parent_run": parent.run if parent else "",
        "parent_step": str(parent.step) if parent else "",
    }
    return fields | {"checksum": _checksum(fields)}


def from_metadata(fields: Mapping[str, str], file: object) -> RunHeader:
    """Return the header that `to_metadata` wrote; ``file`` is named in errors.

    Raises
    ------
    RecordingError
        If the format is newer than this program, or the fields are damaged.
    """
    rest = {name: value for name, value in fields.items() if name != "checksum"}
    if fields.get("checksum") != _checksum(rest):
        raise RecordingError("{file}: the header of this recording is damaged.", file=file)
    try:
        if int(rest["format"]) > FORMAT:
            raise RecordingError(
                "{file}: recorded by Loss Explorer {version} in format {format}; this version reads formats "
                "up to {known}. Install a newer version to open it.",
                file=file,
                version=rest.get("version", "?"),
                format=rest["format"],
                known=FORMAT,
            )
        return RunHeader(
            run=rest["run"],
            config=from_toml(rest["config"]),
            version=rest["version"],
            created=rest["created"],
            machine=rest["machine"],
            torch=rest.get("torch", ""),
            data_digest=rest["data_digest"],
            name=rest["name"],
            notes=rest["notes"],
            parent=Parent(rest["parent_run"], int(rest["parent_step"])) if rest["parent_run"] else None,
        )
    except ConfigError as error:
        raise RecordingError(
            "{file}: cannot read the settings of this recording: {problem}", file=file, problem=error
        ) from None
    except (KeyError, ValueError) as error:
        raise RecordingError(
            "{file}: the header of this recording is incomplete: {problem}.", file=file, problem=error
        ) from None


def _processor() -> str:
    return f"{platform.machine()}, {os.cpu_count()} CPU"


def _checksum(fields: Mapping[str, str]) -> str:
    content = "".join(f"{name}\0{value}\0" for name, value in sorted(fields.items()))
    return f"{zlib.crc32(content.encode()):08x}"
