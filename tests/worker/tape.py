"""A recorder for `GraphStep` that behaves on a CPU as a CUDA graph does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from explorer.core.losses.catalog import LOSSES


class Synchronisation(RuntimeError):
    """A recorded step asks for a value, or for a shape that depends on one."""


class Tape(TorchDispatchMode):
    """Notes every operation with its arguments; refuses those that would wait for the device.

    As a graph does, it keeps numbers and choices as they were, and reads and writes tensors where they were:
    state that moves to another place is lost to it. Recording leaves no trace in the tensors.
    """

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[tuple[Any, tuple[Any, ...], dict[str, Any], list[Any]]] = []
        self._made: set[int] = set()
        self._before: dict[int, tuple[torch.UntypedStorage, torch.UntypedStorage]] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if waits(func, args):
            raise Synchronisation(f"{func} waits for the device")
        given = {tensor.untyped_storage().data_ptr(): tensor for tensor in tensors_in((args, kwargs))}
        for place, tensor in given.items():
            if place not in self._made and place not in self._before:
                self._before[place] = (tensor.untyped_storage(), tensor.untyped_storage().clone())
        result = func(*args, **kwargs)
        targets = [
            output
            if isinstance(output, Tensor) and output.untyped_storage().data_ptr() not in given
            else None
            for output in tree_flatten(result)[0]
        ]
        self._made |= {tensor.untyped_storage().data_ptr() for tensor in targets if tensor is not None}
        self._operations.append((func, args, kwargs, targets))
        return result

    def undo(self) -> None:
        """Give every tensor from outside the values that it had."""
        for storage, value in self._before.values():
            storage.copy_(value)
        self._before.clear()

    @torch.no_grad()
    def replay(self) -> None:
        """Repeat the operations on the same places."""
        for func, args, kwargs, targets in self._operations:
            outputs = tree_flatten(func(*args, **kwargs))[0]
            for target, output in zip(targets, outputs, strict=True):
                if target is not None:
                    target.copy_(output)


class TapeRecorder:
    """Records steps on tapes, and counts what else it is asked for."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.warm_ups = 0

    def warm_up(self, act: Callable[[], None]) -> None:
        self.warm_ups += 1
        act()

    def record(self, act: Callable[[], None]) -> Callable[[], None]:
        if self.fails:
            raise RuntimeError("operation not permitted\nwhen stream is capturing")
        tape = Tape()
        try:
            with tape:
                act()
        finally:
            tape.undo()
        return tape.replay

    def finish(self) -> None:
        """Nothing is ever behind."""

    def keep_up(self) -> None:
        """Nothing is ever behind."""


def waits(func: Any, args: tuple[Any, ...]) -> bool:
    """Whether an operation would wait for the device: for a value, a shape made of one, or a copy to it.

    Indices do not, masks do; ``lift_fresh`` is what is left of a ``torch.tensor`` made of the host's numbers.
    """
    if func is torch.ops.aten.lift_fresh.default:
        return True
    if func is torch.ops.aten.index.Tensor:
        return any(index is not None and index.dtype in (torch.bool, torch.uint8) for index in args[1])
    return not {torch.Tag.data_dependent_output, torch.Tag.dynamic_output_shape}.isdisjoint(func.tags)


def tensors_in(tree: Any) -> list[Tensor]:
    return [leaf for leaf in tree_flatten(tree)[0] if isinstance(leaf, Tensor)]


def other_choices(loss):
    """Return another value for each switch and choice of a loss."""
    for param in LOSSES[loss].params:
        if param.effect == "live" and param.kind == "bool":
            yield param.name, not param.default
        elif param.effect == "live" and param.kind == "choice":
            yield from ((param.name, value) for value in param.choices if value != param.default)


CHOICES = [(loss, name, value) for loss in LOSSES for name, value in other_choices(loss)]
