"""The challenges that a person has passed: the best result of each, in a file of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from explorer.core.files import write_whole
from explorer.gui.challenges.result import MOST_BYTES, ChallengeResult, ResultError, parse_result, to_text

_FOLDER, _SUFFIX = "challenges", ".txt"


class ChallengeRecords:
    """Keeps results beside the settings of the window.

    Several windows write them; each reads the files when it is asked.

    Parameters
    ----------
    beside : Path
        A file in whose folder they are kept.
    """

    def __init__(self, beside: Path) -> None:
        self._folder = beside.parent / _FOLDER

    def passed(self) -> frozenset[str]:
        """Return the ids of the challenges that were passed."""
        with suppress(OSError):
            return frozenset(path.stem for path in self._folder.glob(f"*{_SUFFIX}"))
        return frozenset()

    def best(self, challenge: str) -> ChallengeResult | None:
        """Return the best result of a challenge; None without one that can be read."""
        try:
            return read_result(self._folder / f"{challenge}{_SUFFIX}")
        except ResultError:
            return None

    def keep(self, result: ChallengeResult) -> bool:
        """Keep a result that needs fewer images than the one before; return whether it does.

        Raises
        ------
        OSError
            Where the folder cannot be written.
        """
        best = self.best(result.challenge)
        if best is not None and best.images <= result.images:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{result.challenge}{_SUFFIX}", to_text(result).encode())
        return True


def read_result(path: Path) -> ChallengeResult:
    """Return the result in a file.

    Raises
    ------
    ResultError
        If it cannot be read or is none.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResultError("Cannot read the result {path}: {error}.", path=path, error=error) from None
    return parse_result(content)
