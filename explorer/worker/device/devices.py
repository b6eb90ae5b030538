"""The devices of this machine, and the number of CPU threads that train."""

from __future__ import annotations

import platform

import torch

from explorer.core.protocol.messages import Device
from explorer.core.settings.config import find_param
from explorer.core.texts import TextError, plural, text, verbatim

_ALL_THREADS = torch.get_num_threads()


def set_threads(wanted: int, spared: int) -> None:
    """Set the number of CPU threads; 0 uses all cores except ``spared``, but at least one.

    What a checkpoint of anybody wants is bounded: OpenMP hangs, or ends the process, where it gets no more.
    """
    most = max(_ALL_THREADS, int(find_param("threads").max or 0))
    torch.set_num_threads(max(1, min(wanted or _ALL_THREADS - spared, most)))


def spare_cores() -> int:
    """Return the number of cores that training on the CPU does not use."""
    return max(0, _ALL_THREADS - torch.get_num_threads())


class DeviceError(TextError, ValueError):
    """The requested device does not exist on this machine."""


def available_devices() -> tuple[Device, ...]:
    """Return the devices of this machine, the fastest first."""
    devices = []
    if torch.cuda.is_available():
        devices.append(Device("cuda", verbatim(torch.cuda.get_device_name())))
    if torch.backends.mps.is_available():
        devices.append(Device("mps", text("Apple GPU")))
    cpu = plural(
        "CPU, {count} thread ({machine})",
        "CPU, {count} threads ({machine})",
        count=torch.get_num_threads(),
        machine=platform.machine(),
    )
    devices.append(Device("cpu", cpu))
    return tuple(devices)


def find_device(name: str) -> torch.device:
    """Return the device of this name; "auto" is the fastest.

    Raises
    ------
    DeviceError
        If this machine has no such device.
    """
    names = [device.name for device in available_devices()]
    if name == "auto":
        return torch.device(names[0])
    if name not in names:
        raise DeviceError(
            "PyTorch has no device {name!r} on this machine. Available: {known}.", name=name, known=names
        )
    return torch.device(name)
