"""Loads torch, and says what to do where it is missing or cannot be loaded."""

from __future__ import annotations

import shlex
import sys

from explorer.core.texts import TextError


class TorchError(TextError, RuntimeError):
    """Torch cannot be loaded; the message says what to do."""


def load_torch() -> None:
    """Import torch.

    Raises
    ------
    TorchError
        If it is not installed, or is broken or built for another machine.
    """
    pip = f"{shlex.quote(sys.executable)} -m pip install"  # not shown alone
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise _broken(error, pip) from error
        raise TorchError(
            "PyTorch is not installed in {folder}. Install it: {command}",
            folder=sys.prefix,
            command=f"{pip} torch",  # not shown alone
        ) from error
    except Exception as error:  # libraries of another build fail in any way
        raise _broken(error, pip) from error
    if not hasattr(torch, "nn"):  # what is left of a package that was half removed
        raise _broken(ImportError(f"{list(torch.__path__)} is not PyTorch"), pip)  # not shown alone


def _broken(error: Exception, pip: str) -> TorchError:
    return TorchError(
        "PyTorch cannot be loaded ({error}). Reinstall it: {command}",
        error=str(error) or type(error).__name__,
        command=f"{pip} --force-reinstall torch",  # not shown alone
    )
