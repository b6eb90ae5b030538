"""Why a worker process ended, in a sentence."""

from __future__ import annotations

import signal

from explorer.core.texts import N_, Text, text

_NATIVE = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS")
_ASKED = ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")


def ending_sentence(code: int, *, crashed: bool, greeted: bool) -> Text:
    """Return why a process ended by itself.

    Parameters
    ----------
    code : int
        Its exit code; where it ``crashed``, the number of the signal that ended it, or on Windows the code of
        the exception.
    greeted : bool
        Whether it had started to work.
    """
    reason = _crash(code) if crashed else text("The trainer ended with exit code {code}.", code=code)
    return reason if greeted else text("The trainer could not start. {reason}", reason=reason)


def signal_name(code: int) -> str:
    """Return the name of the signal that has ended a process, or on Windows the code of the exception."""
    try:
        return signal.Signals(code).name
    except ValueError:
        return hex(code)


def _crash(code: int) -> Text:
    name = signal_name(code)
    if name == "SIGKILL":
        sentence = N_(
            "The trainer was killed ({signal}). The system does that when memory runs out: a smaller batch "
            "or network needs less."
        )
    elif name in _ASKED:
        sentence = N_("The trainer was ended by the system or another program ({signal}).")
    else:
        sentence = N_("The trainer crashed in native code ({signal}).")
    return text(sentence, signal=name)
