"""After a divergence one click goes back to where the run was well, without what was changed last."""

import pytest

from explorer.core.settings.config import RunConfig
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.banner import Banner
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient

LIMIT = 60_000
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def run(worker_command, tiny_data, qtbot):
    settings = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "threads": 1}
    client = WorkerClient(worker_command)
    run = Run(client, RunConfig().replace(settings), client)
    run.open()
    run.start()
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.step > 20, timeout=LIMIT)
    yield run
    run.close()


def test_one_click_goes_back_before_the_change(run, qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    announcements = Announcements(banner, run)
    before = run.config
    with qtbot.waitSignal(run.problemOccurred, timeout=LIMIT) as told:
        run.set_param("optimizer.rate", 10.0)
    problem = told.args[0]
    assert problem.way_back.step > 0
    assert "just after" in banner.message
    rate = before.optimizer.rate
    assert banner.buttons[0].text() == f"Back to step {problem.way_back.step:,} with learning rate {rate:g}"
    with qtbot.waitSignal(run.continued, timeout=LIMIT):
        banner.buttons[0].click()
    qtbot.waitUntil(lambda: run.snapshot.step > problem.way_back.step + 5, timeout=LIMIT)
    assert (run.training, run.config) == (True, before)
    assert announcements.subject is None
