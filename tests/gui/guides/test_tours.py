"""The guides that ship: complete, with links that lead somewhere; each tour runs from start to end."""

from __future__ import annotations

from functools import partial

import psutil
import pytest
from gui.guides.person import act_on
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.core.data.resources import resource
from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import list_presets
from explorer.gui.app import App
from explorer.gui.controls.formula import render_svg
from explorer.gui.guides.guide import GUIDES, read_guides
from explorer.gui.guides.progress import progress_of
from explorer.gui.labs.titles import lab_titles
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theory.document import FALLBACK
from explorer.gui.theory.markup import formulas_in, links_in
from explorer.gui.views.registry import VIEWS

LIMIT = 60_000
LANGUAGES = ("en", "zh_CN")
GUIDES_BY_LINK = {
    f"{kind}:{guide.id}": guide
    for kind, folder in GUIDES.items()
    for guide in read_guides(resource(folder))[0].values()
}
TOPICS = [
    "what-softmax-leaves-undone",
    "pulling-to-the-centre",
    "why-angles",
    "multiply-subtract-add",
    "paper-numbers-in-2-d",
    "three-dimensions",
    "pairs-and-triplets",
    "classes-never-seen",
]
MOST_WORDS = 90
"""A step is read in half a minute."""
QUICK = {"optimizer.warmup": 0, "optimizer.schedule": "constant", "data.probe_every": 10}
"""The data of these tests have four batches in an epoch, after which the rate would fall; few frames do."""


def test_there_are_the_eight_tours_in_their_order():
    assert [link.partition(":")[2] for link in GUIDES_BY_LINK if link.startswith("tour:")] == TOPICS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", GUIDES)
def test_every_guide_can_be_read_in_every_language(kind, language):
    guides, faults = read_guides(resource(GUIDES[kind]), language)
    assert [str(fault) for fault in faults] == []
    assert {guide.language for guide in guides.values()} == {language}
    folder = resource(GUIDES[kind]) / language
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in (resource(GUIDES[kind]) / FALLBACK).iterdir()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_and_every_formula_can_be_set(language):
    targets = {f"card:{path.stem}" for path in (resource("theory") / "en").glob("*.md")}
    targets |= {f"preset:{preset.name}" for preset in list_presets()}
    targets |= {f"lab:{name}" for name in lab_titles()} | set(GUIDES_BY_LINK)
    targets |= {f"view:{spec.id}" for spec in VIEWS}
    for kind, folder in GUIDES.items():
        for guide in read_guides(resource(folder), language)[0].values():
            assert {f"card:{card}" for card in guide.cards} <= targets, (kind, guide.id)
            for step in guide.steps:
                assert set(links_in(step.text)) <= targets, (guide.id, step.table.id)
                assert all(render_svg(latex) for _display, latex in formulas_in(step.text))


def test_a_translation_has_the_links_and_formulas_of_the_english_guide():
    for folder in GUIDES.values():
        english = read_guides(resource(folder))[0]
        for name, guide in read_guides(resource(folder), "zh_CN")[0].items():
            for step, original in zip(guide.steps, english[name].steps, strict=True):
                assert sorted(links_in(step.text)) == sorted(links_in(original.text)), step.table.id
                found, expected = (sorted(formulas_in(text)) for text in (step.text, original.text))
                assert found == expected, (name, step.table.id)


def test_steps_are_short_and_ask():
    for guide in GUIDES_BY_LINK.values():
        assert all(len(step.text.split()) <= MOST_WORDS for step in guide.steps), guide.id
        asking = sum("?" in step.text for step in guide.steps)
        assert asking >= 0.6 * len(guide.steps), guide.id


@pytest.fixture(autouse=True)
def nothing_left_running():
    """Let the window and its worker go on from one test of this module to the next."""


@pytest.fixture(scope="module")
def app(qapp, tmp_path_factory, tiny_data, worker_command):
    """The window of a guide with a real worker, for all tours of this process."""
    assert qapp is QApplication.instance(), "an app needs one"
    path = tmp_path_factory.mktemp("guides") / "window.toml"
    own = {"data.source": str(tiny_data), "device": "cpu", "threads": 1}
    save_memory(path, Memory(RunConfig().replace(own), "light", library=LibraryOptions(recording=False)))
    app = App(worker_command, path, mode="apart")
    app.open()
    yield app
    app.window.close()
    while psutil.Process().children(recursive=True):
        QTest.qWait(20)
    app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def opened(app):
    """Open a guide in the window; it and the run stop at the end of the test."""

    def open_guide(target):
        app.guides.open(target)
        return app.guides.session

    yield open_guide
    app.guides.close()
    app.labs.close()
    app.run.pause()


def quick(guide):
    """Return a guide that waits for a tenth of the steps: data as small as these are learnt at once."""

    def quicker(condition):
        counts = condition.figure in ("step", "further-steps")
        return replace(condition, at_least=condition.at_least / 10) if counts else condition

    steps = [
        replace(step, table=replace(step.table, until=tuple(map(quicker, step.table.until))))
        for step in guide.steps
    ]
    return replace(guide, steps=tuple(steps))


def done(app, session, conditions):
    """Do what is missing, and return whether the step is done."""
    situation = session.stage.situation(conditions, 0)
    for condition, progress in zip(conditions, progress_of(conditions, situation), strict=True):
        if not progress.met:
            act_on(app, condition)
    return session.place.done


@pytest.mark.parametrize("target", [link for link in GUIDES_BY_LINK if link.startswith("tour:")])
def test_a_guide_runs_from_its_start_to_its_end(app, opened, qtbot, target):
    session = opened(target)
    session.guide = quick(session.guide)
    seen = []
    for number, step in enumerate(session.guide.steps):
        assert session.panel.prose.markdown == step.text
        assert session.place.step == number
        if step.table.run or any(condition.subject == "running" for condition in step.table.until):
            app.run.change(QUICK)
        qtbot.waitUntil(partial(done, app, session, step.table.until), timeout=LIMIT)
        seen.append(session.panel.next.text())
        if number < len(session.guide.steps) - 1:
            qtbot.mouseClick(session.panel.next, Qt.MouseButton.LeftButton)
    assert seen == ["Next"] * (len(seen) - 1) + ["Finish"]
