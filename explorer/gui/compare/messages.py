"""CompareMessages: what a comparison says in its banner, until the runs that it is about are others."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.gui.compare.runs.compared_run import ComparedRun
from explorer.gui.compare.runs.session import CompareSession
from explorer.gui.controls.note import Level
from explorer.gui.messages.banner import Banner


class CompareMessages(QObject):
    """Shows why something is not possible and what should be known, and withdraws it with its runs.

    Parameters
    ----------
    session : CompareSession
        The runs, which say both.
    banner : Banner
        Shows the sentences; one that has something else to say by then is left alone.
    """

    def __init__(self, session: CompareSession, banner: Banner) -> None:
        super().__init__(session)
        self._session, self._banner = session, banner
        self._about: dict[str, tuple[ComparedRun, ...]] = {}
        session.refused.connect(self._on_session_refused)
        session.noticed.connect(self._on_session_noticed)
        session.runsChanged.connect(self._on_session_runs_changed)

    def _on_session_refused(self, sentence: str) -> None:
        self._show("error", sentence, self._session.runs)  # such as that there is no room for one more

    def _on_session_noticed(self, sentence: str, about: tuple[ComparedRun, ...]) -> None:
        self._show("info", sentence, about)

    def _show(self, level: Level, sentence: str, about: tuple[ComparedRun, ...]) -> None:
        self._about[sentence] = about
        self._banner.show_message(level, sentence)

    def _on_session_runs_changed(self) -> None:
        left = set(self._session.runs)
        for sentence in [sentence for sentence, about in self._about.items() if not left.issuperset(about)]:
            del self._about[sentence]
            self._banner.withdraw(sentence)
