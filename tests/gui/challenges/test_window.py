"""Where challenges are found, how a result is taken and given, and what another language leaves of them."""

from __future__ import annotations

import sys

import pytest
from gui.challenges.test_result import RESULT
from msgspec.structs import replace
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from explorer.core.data.resources import resource
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.challenges.check import CheckSession
from explorer.gui.challenges.dialog import CheckDialog
from explorer.gui.challenges.result import to_text
from explorer.gui.challenges.session import ChallengeSession
from explorer.gui.guides.guide import read_guides
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.starting.opening import kind_of

SILENT_WORKER = [sys.executable, "-c", "import sys; sys.stdin.read()"]
RESCUE = "challenge:rescue"


@pytest.fixture
def holder(tmp_path, chinese_font):
    """The window of a person."""
    assert chinese_font
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"threads": 1}), "light", language="en"))
    holder = AppHolder(App(SILENT_WORKER, path))
    holder.open(())
    yield holder
    holder.close()
    holder.app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def person(holder):
    return holder.app


@pytest.fixture
def guest_of(qtbot):
    def guest(app):
        qtbot.waitUntil(lambda: app.guides.guest is not None and app.guides.guest.guides.session is not None)
        return app.guides.guest

    return guest


def titles(app):
    app.actions.menu("challenges").aboutToShow.emit()
    actions = app.actions.menu("challenges").actions()
    return {action.text(): action for action in actions if action.isCheckable()}


def test_the_menu_checks_the_challenges_that_were_passed(person):
    found = titles(person)
    assert len(found) == 10
    assert not any(action.isChecked() for action in found.values())
    person.guides.records.keep(RESULT)
    assert titles(person)["Rescue a run"].isChecked()
    assert list(titles(person)) == list(found)


def test_the_search_finds_challenges_and_cards_lead_to_them(person):
    person.guides.records.keep(RESULT)
    person.window.theory.set_passed(person.guides.records.passed())
    theory = person.window.show_theory()
    theory.browser.search.setText("rescue")
    assert RESCUE in theory.browser.contents.targets()
    assert theory.browser.titles[RESCUE] == "✓ Rescue a run"
    theory.show_card("arcface")
    assert RESCUE in theory.browser.page.links.markdown


def test_a_challenge_has_its_own_window_and_another_language_goes_on_with_it(person, guest_of, qtbot):
    before = person.run.config, person.window.saved_layout
    person.guides.open(RESCUE)
    guest = guest_of(person)
    assert isinstance(guest.guides.session, ChallengeSession)
    assert guest.run.config.get("loss.margin") == 1.2
    assert [guest.actions.action(name).isEnabled() for name in ("challenge.again", "challenge.copy")] == [
        True,
        False,
    ]
    assert not guest.actions.action("guide.next").isEnabled()
    guest.actions.action("language.zh_CN").trigger()
    qtbot.waitUntil(lambda: person.guides.guest is not guest)
    new = person.guides.guest
    assert new.guides.session.guide.title == "挽救一次训练"
    assert not new.guides.session.ready, "its steps before have not been made"
    new.actions.action("language.en").trigger()
    qtbot.waitUntil(lambda: person.guides.guest is not new)
    person.guides.guest.guides.leave()
    assert (person.run.config, person.window.saved_layout) == before
    assert person.window.status.text().startswith("Challenge left.")


def test_a_result_is_copied_and_saved(person, guest_of, tmp_path):
    person.guides.open("challenge:half-the-scatter")
    guest = guest_of(person)
    session = guest.guides.session
    assert session.panel.copy.isHidden()
    session.place = replace(session.place, result=RESULT)
    guest.enable_commands()
    guest.actions.action("challenge.copy").trigger()
    assert QGuiApplication.clipboard().text() == to_text(RESULT)
    session.write_result(tmp_path / "result.txt")
    assert (tmp_path / "result.txt").read_text("utf-8") == to_text(RESULT)
    session.write_result(tmp_path / "none" / "result.txt")
    assert guest.window.banner.message.startswith("The result cannot be saved")


def test_a_passed_challenge_keeps_its_result_in_another_language(person, guest_of, qtbot):
    person.guides.open("challenge:half-the-scatter")
    guest = guest_of(person)
    session = guest.guides.session
    session.place = replace(session.place, result=RESULT)
    guest.actions.action("language.zh_CN").trigger()
    qtbot.waitUntil(lambda: person.guides.guest is not guest)
    panel = person.guides.guest.guides.session.panel
    assert panel.progress.text().startswith("通过")
    assert not panel.copy.isHidden()
    assert not panel.save.isHidden()


def test_the_dialog_takes_what_is_in_the_clipboard_and_says_what_is_wrong(person, guest_of):
    QGuiApplication.clipboard().setText(to_text(RESULT))
    person.actions.action("challenge.check").trigger()
    (dialog,) = person.window.findChildren(CheckDialog)
    assert dialog.text.toPlainText() == to_text(RESULT)
    dialog.text.setPlainText(to_text(RESULT)[:-20])
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.fault.text.startswith("This result is damaged: ")
    dialog.text.setPlainText(to_text(RESULT))
    dialog.accept()
    session = guest_of(person).guides.session
    assert isinstance(session, CheckSession)
    assert session.panel.prose.markdown.startswith("Passed with 51,200 of 90,000 images")
    assert session.done, "it has two parts, and the challenge one"
    assert session.panel.progress.text() == "This result has 2 of 1 parts of the challenge."


def test_a_file_with_a_result_is_known_by_its_first_line(person, guest_of, tmp_path):
    path = tmp_path / "from a student.txt"
    path.write_text("\ufeff" + to_text(RESULT), "utf-8")
    assert kind_of(path) == "result"
    damaged = tmp_path / "damaged.txt"
    damaged.write_text(to_text(RESULT)[:200], "utf-8")
    person.opener.open([damaged])
    assert person.window.banner.message.startswith("This result is damaged: ")
    person.opener.open([path])
    assert isinstance(guest_of(person).guides.session, CheckSession)


def test_the_result_of_a_challenge_that_is_not_there_is_refused(person):
    person.guides.check_result(replace(RESULT, challenge="none", title="Nothing"))
    assert "“Nothing”, which this program does not have" in person.window.banner.message
    assert person.guides.guest is None


def test_a_result_that_cannot_be_repeated_says_why(person, guest_of):
    (part, _other) = RESULT.parts
    odd = replace(RESULT, parts=(replace(part, settings={"network.dim": 999}),))
    person.guides.check_result(odd)
    session = guest_of(person).guides.session
    assert session.done
    assert session.panel.progress.text() == (
        "This result is damaged: part 1: network.dim = 999 is above its maximum of 512."
    )


def test_every_challenge_names_only_what_the_window_has(person, guest_of):
    person.guides.open(RESCUE)
    stage = guest_of(person).guides.session.stage
    for guide in read_guides(resource("challenges"))[0].values():
        stage.check(guide)
