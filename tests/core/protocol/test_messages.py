"""What the protocol offers is what the worker says."""

from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from explorer.core.protocol import messages as m
from explorer.core.protocol.framing import encode, event_decoder
from explorer.core.protocol.messages import NoticeKind
from explorer.core.texts import text, use_translations

WORKER = Path(__file__).parents[3] / "explorer" / "worker"


def test_the_worker_sends_every_kind_of_notice():
    trees = [ast.parse(path.read_text("utf-8")) for path in WORKER.rglob("*.py")]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(get_args(NoticeKind)) <= words


class _German(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        known = {
            "Step {step:,}: {reason}": "Schritt {step:,}: {reason}",
            "NaN": "keine Zahl",
        }
        return known.get(message, message)


@pytest.fixture
def german() -> Iterator[None]:
    use_translations(_German())
    yield
    use_translations(gettext.NullTranslations())


@pytest.mark.usefixtures("german")
def test_what_the_worker_says_is_read_in_the_language_of_the_window():
    sentence = text("Step {step:,}: {reason}", step=3995, reason=text("NaN"))
    events = (
        m.Notice(run=1, kind="diverged", text=sentence),
        m.Failed(run=1, what=sentence, where="training"),
    )
    notice, failed = event_decoder().feed(b"".join(map(encode, events)))
    assert str(notice.text) == str(failed.what) == "Schritt 3,995: keine Zahl"
