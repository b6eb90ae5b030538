"""Where to train: what this machine has, and what a configuration means by it."""

from __future__ import annotations

import platform

import torch

from explorer.core.protocol.messages import Device

_ALL_THREADS = torch.get_num_threads()


def set_threads(wanted: int, spared: int) -> None:
    """Train on the CPU with so many threads; 0 is one for every core but those ``spared``, one at least."""
    torch.set_num_threads(wanted or max(1, _ALL_THREADS - spared))


def spare_cores() -> int:
    """Return how many cores the training on the CPU leaves alone."""
    return max(0, _ALL_THREADS - torch.get_num_threads())


class DeviceError(ValueError):
    """A device is asked for that is not there; the message is one sentence."""


def available_devices() -> tuple[Device, ...]:
    """Return the devices of this machine, the fastest first."""
    devices = []
    if torch.cuda.is_available():
        devices.append(Device("cuda", torch.cuda.get_device_name()))
    if torch.backends.mps.is_available():
        devices.append(Device("mps", "Apple GPU"))
    devices.append(Device("cpu", f"CPU, {torch.get_num_threads()} threads ({platform.machine()})"))
    return tuple(devices)


def find_device(name: str) -> torch.device:
    """Return the device of that name, the fastest for "auto".

    Raises
    ------
    DeviceError
        Where this machine has none of that name.
    """
    names = [device.name for device in available_devices()]
    if name == "auto":
        return torch.device(names[0])
    if name not in names:
        raise DeviceError(
            f"This machine has no device {name!r} that torch can use; it has: {', '.join(names)}."
        )
    return torch.device(name)
