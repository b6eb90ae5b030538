"""A guide in a window: what it does, how it waits, and that the person's own window is as it was then."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.guides.guide import GuideError, parse_guide
from explorer.gui.guides.stage import Stage
from explorer.gui.guides.table import StepTable
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.views.features.content import FeatureOptions

SILENT_WORKER = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]
TOUR = "tour:what-softmax-leaves-undone"


@pytest.fixture
def holder(tmp_path, chinese_font):
    """The window of a person, with settings of their own."""
    assert chinese_font
    path = tmp_path / "window.toml"
    config = RunConfig().replace({"loss.name": "cosface", "loss.margin": 0.3, "threads": 1})
    views = {"features": {"regions": False, "point_size": 4.0}}
    save_memory(path, Memory(config, "dark", views=views, language="en"))
    holder = AppHolder(App(SILENT_WORKER, path))
    holder.open(())
    yield holder
    holder.close()
    holder.app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def begun(qtbot):
    """Open a guide from a window, and return the app of the guide once its first step is shown."""

    def open_guide(app, target=TOUR):
        qtbot.waitUntil(lambda: app.client.alive)
        app.guides.open(target)
        guest = app.guides.guest
        qtbot.waitUntil(lambda: guest.guides.session is not None)
        return guest

    return open_guide


@pytest.fixture
def apart(tmp_path):
    """The window of a guide by itself."""
    path = tmp_path / "apart.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(SILENT_WORKER, path, mode="apart")
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def guide_of(steps: str, count: int = 1):
    sections = "".join(f"## s{k}\n\nText {k}?\n\n" for k in range(count))
    return parse_guide(f'+++\ntitle = "T"\nabout = "A."\n{steps}\n+++\n{sections}', Path("en/1-t.md"))


def frame(app, step: int, accuracy: float) -> None:
    """Let the run of an app have a frame."""
    run = app.run
    run.snapshot = replace(make_snapshot(60, loss="softmax"), step=step)
    run.history.append(step, step / 100, {"test_accuracy": accuracy})
    run.snapshotChanged.emit()


def test_the_window_of_a_guide_has_defaults_and_the_look_of_the_person(holder, begun):
    guest = begun(holder.app)
    assert not holder.app.window.isVisible()
    assert guest.window.isVisible()
    assert guest.run.config == RunConfig().replace({"threads": 1})
    assert guest.appearance.name == "dark"
    assert guest.features.options == FeatureOptions()
    assert guest.window.banner.message == ""


@pytest.mark.parametrize("finish", [True, False])
def test_leaving_and_finishing_return_to_the_window_as_it_was_and_say_so(holder, begun, qtbot, finish):
    app = holder.app
    before = app.run.config, app.window.saved_layout, app.pane.option_tables(), app.run.phase
    guest = begun(app)
    session = guest.guides.session
    guest.window.bring_up("curves")
    guest.set_feature_options(FeatureOptions(digits=False))
    if finish:
        for _ in session.guide.steps:
            qtbot.mouseClick(session.panel.next, Qt.MouseButton.LeftButton)
    else:
        qtbot.mouseClick(session.panel.close_button, Qt.MouseButton.LeftButton)
    assert app.window.isVisible()
    assert app.guides.guest is None
    assert (app.run.config, app.window.saved_layout, app.pane.option_tables(), app.run.phase) == before
    words = "Tour finished." if finish else "Tour left."
    assert app.window.status.text() == f"{words} Settings, layout and run are as you left them."


def test_a_training_run_waits_for_the_end_of_the_guide_and_then_goes_on(holder, begun, qtbot):
    app = holder.app
    qtbot.waitUntil(lambda: app.client.alive)
    app.run.start()
    guest = begun(app)
    assert app.run.phase == "paused"
    guest.window.close()
    assert app.run.phase == "running"


def test_nothing_of_a_guide_is_remembered(holder, begun):
    app = holder.app
    guest = begun(app)
    guest.run.set_loss("triplet")
    guest.autosave.save()
    guest.window.close()
    app.autosave.save()
    memory, complaint = load_memory(app.autosave.path)
    assert (memory.config, complaint) == (app.run.config, "")
    assert memory.config.loss.name == "cosface"


def test_closing_the_person_s_window_closes_that_of_the_guide(holder, begun):
    guest = begun(holder.app)
    holder.close()
    assert not guest.window.isVisible()
    assert not guest.client.alive


def test_another_language_goes_on_with_the_guide_and_holds_after_it(holder, begun, qtbot):
    app = holder.app
    guest = begun(app)
    guest.guides.go_on()
    guest.actions.action("language.zh_CN").trigger()
    qtbot.waitUntil(lambda: app.guides.guest is not guest)
    new = app.guides.guest
    assert new.guides.session.guide.title == "Softmax 没有做的事"
    assert new.guides.place.step == 1
    new.guides.leave()
    qtbot.waitUntil(lambda: holder.app is not app)
    assert holder.app.window.isVisible()
    assert holder.app.run.config.loss.name == "cosface"
    assert holder.app.window.run_bar.toggle.text() == "开始"


def test_another_guide_from_the_window_of_a_guide_takes_its_place(holder, begun):
    guest = begun(holder.app)
    guest.run.set_loss("triplet")
    guest.guides.open("tour:three-dimensions")
    assert guest.guides.session.guide.id == "three-dimensions"
    assert guest.run.config.network.dim == 3
    assert guest.window.findChildren(type(guest.guides.session.panel))[-1] is guest.guides.session.panel
    guest.guides.leave()
    assert holder.app.window.isVisible()


def test_a_guide_that_does_not_exist_opens_nothing(holder):
    for target in ("tour:none", "card:arcface", "none"):
        holder.app.guides.open(target)
    assert holder.app.guides.guest is None
    assert holder.app.window.isVisible()


def test_the_menu_lists_the_tours_in_the_language_of_the_window(holder):
    app = holder.app
    app.actions.menu("tours").aboutToShow.emit()
    titles = [action.text() for action in app.actions.menu("tours").actions()]
    assert titles[0] == "What softmax leaves undone"
    assert len(titles) == 8
    assert not app.actions.action("guide.next").isEnabled()


def test_a_step_waits_for_its_condition_and_stays_done(apart):
    apart.guides.open(TOUR)
    session = apart.guides.session
    assert (session.panel.next.text(), session.panel.progress.text()) == ("Skip", "○ training started")
    apart.run.start()
    assert (session.panel.next.text(), session.panel.progress.text()) == ("Next", "✓ training started")
    apart.run.pause()
    assert session.panel.next.text() == "Next"
    assert apart.actions.action("guide.next").isEnabled()
    apart.actions.action("guide.next").trigger()
    frame(apart, 200, 0.914)
    assert (session.panel.next.text(), session.panel.progress.text()) == ("Skip", "○ accuracy 91% (goal 95%)")
    frame(apart, 400, 0.96)
    assert (session.panel.next.text(), session.panel.progress.text()) == ("Next", "✓ accuracy 96% (goal 95%)")
    frame(apart, 500, 0.2)
    assert session.panel.next.text() == "Next"


def test_going_back_changes_nothing_in_the_program(apart):
    apart.guides.open(TOUR)
    for _ in range(5):
        apart.guides.go_on()
    assert apart.features.options.normalized
    apart.guides.go_back()
    assert apart.guides.session.panel.prose.markdown == apart.guides.session.guide.steps[4].text
    assert apart.guides.session.panel.next.text() == "Next"
    assert apart.features.options.normalized
    apart.set_feature_options(FeatureOptions(normalized=False))
    apart.guides.go_on()
    assert not apart.features.options.normalized, "the step has been done before"


def test_a_step_does_what_its_table_says(apart):
    apart.guides.open(TOUR)
    guide = guide_of(
        '[[steps]]\nid = "s0"\npreset = "paper-defaults-fail-arcface"\nset = { "loss.margin" = 0.25 }\n'
        'options = { "features.sphere" = 50, "curves.logarithmic" = true }\n'
        'show = ["samples", "card:arcface", "lab:margin"]\nrun = ["start"]'
    )
    stage = apart.guides.session.stage
    stage.check(guide)
    stage.perform(guide.steps[0].table)
    assert (apart.run.config.loss.name, apart.run.config.get("loss.margin")) == ("arcface", 0.25)
    assert apart.run.config.get("loss.scale") == 64
    assert apart.features.options.sphere == 50
    assert apart.pane.views["curves"].options.logarithmic
    assert apart.window.is_in_front("samples")
    assert not apart.window.is_in_front("curves")
    assert apart.window.theory.browser.card.id == "arcface"
    assert (apart.labs.window.current, apart.run.phase) == ("margin", "running")
    situation = stage.situation(
        guide_of(
            '[[steps]]\nid = "s0"\nuntil = [{ seen = "samples" }, { seen = "curves" },'
            ' { seen = "card:arcface" }, { seen = "lab:margin" }, { seen = "lab:cost" },'
            ' { option = "features.sphere", is = 50 }]'
        )
        .steps[0]
        .table.until,
        0,
    )
    assert situation.seen == {"samples", "card:arcface", "lab:margin"}
    assert situation.options == {"features.sphere": 50}
    assert {situation.names[name] for name in ("samples", "card:arcface", "lab:cost")} == {
        "Samples",
        "ArcFace",
        "Cost",
    }
    stage.reset()
    assert apart.run.config == RunConfig()
    assert (apart.labs.window, apart.features.options) == (None, FeatureOptions())


def test_a_panel_that_a_person_raises_is_noticed(apart, qtbot):
    apart.guides.open(TOUR)
    session = apart.guides.session
    session.guide = guide_of('[[steps]]\nid = "s0"\nuntil = [{ seen = "samples" }]')
    session.resume()
    assert session.panel.progress.text() == "○ open Samples"
    apart.window.bring_up("samples")  # raising it sends no signal
    qtbot.waitUntil(lambda: session.place.done)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('show = ["nothing"]', "no panel, lab or card 'nothing'"),
        ('show = ["features"]', "no panel, lab or card 'features'"),
        ('show = ["lab:none"]', "no panel, lab or card 'lab:none'"),
        ('until = [{ seen = "card:none" }]', "no panel, lab or card 'card:none'"),
        ('options = { "features.none" = true }', "no display option 'features.none = True'"),
        ('options = { "none.regions" = true }', "no display option 'none.regions = True'"),
        ('options = { "features.sphere" = 101 }', "no display option 'features.sphere = 101'"),
        ('until = [{ option = "features.regions", is = "x" }]', "no display option 'features.regions = x'"),
    ],
)
def test_a_name_that_the_window_does_not_have_is_refused(apart, step, problem):
    with pytest.raises(GuideError, match=f"^T, step 's0': .*{problem}"):
        Stage(apart).check(guide_of(f'[[steps]]\nid = "s0"\n{step}'))


def test_a_step_that_chooses_classes_which_the_data_set_lacks_goes_on_and_says_so(apart):
    apart.run.change({"data.source": "rings", "data.classes": 4})
    apart.guides.open("tour:classes-never-seen")
    config = apart.run.config
    assert (config.data.source, config.data.classes, config.data.left_out) == ("rings", 4, "")
    said = "The choice of classes is not used: this data set has only 4 classes."
    assert apart.window.banner.message == said
    apart.guides.session.stage.perform(StepTable(id="preset", preset="wang-2018-cosface-m-0-1"))
    assert (apart.run.config.data.subset, apart.run.config.loss.name) == (0, "cosface")


def test_a_link_in_a_card_or_found_by_the_search_opens_a_tour(apart):
    theory = apart.window.show_theory()
    theory.browser.search.setText("gather")
    assert TOUR in theory.browser.contents.targets()
    theory.show_card("separate-not-gather")
    assert TOUR in theory.browser.page.links.markdown
    theory.browser.follow(TOUR)
    assert apart.guides.session.guide.id == "what-softmax-leaves-undone"


def test_a_click_on_a_button_of_the_panel_leaves_space_to_the_run(apart, qtbot):
    apart.guides.open(TOUR)
    qtbot.mouseClick(apart.guides.session.panel.next, Qt.MouseButton.LeftButton)
    focus = QApplication.focusWidget()
    assert focus is None or not apart.guides.session.panel.isAncestorOf(focus)


def test_selected_images_are_counted(apart):
    apart.guides.open(TOUR)
    frame(apart, 10, 0.5)
    apart.pane.state.set_probe(apart.run.snapshot.probe)
    apart.pane.state.select(np.arange(3))
    assert apart.guides.session.stage.situation((), 0).rows.tolist() == [0, 1, 2]
