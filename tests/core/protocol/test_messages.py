"""What the protocol offers is what the worker says."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

from explorer.core.protocol.messages import NoticeKind

WORKER = Path(__file__).parents[3] / "explorer" / "worker"


def test_the_worker_sends_every_kind_of_notice():
    trees = [ast.parse(path.read_text("utf-8")) for path in WORKER.rglob("*.py")]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(get_args(NoticeKind)) <= words
