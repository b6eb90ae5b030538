"""The banner says what happened and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.messages.banner import Banner

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def banner(qtbot: QtBot) -> Iterator[Banner]:
    window = QWidget()
    qtbot.addWidget(window)
    result = Banner(window)
    result.resize(800, 60)
    window.resize(820, 300)
    window.show()
    yield result
    window.close()


def test_action_closes_the_banner_and_is_done_once(banner: Banner, qtbot: QtBot) -> None:
    done: list[str] = []
    actions = [("Go back", lambda: done.append("back")), ("Halve the rate", lambda: done.append("halve"))]
    banner.show_message("warning", "The loss has diverged.", actions=actions)
    assert banner.isVisible()
    assert banner.accessibleName() == "The loss has diverged."
    qtbot.mouseClick(banner.buttons[1], Qt.MouseButton.LeftButton)
    assert done == ["halve"]
    assert not banner.isVisible()


def test_action_may_show_the_next_message(banner: Banner, qtbot: QtBot) -> None:
    banner.show_message("error", "first", actions=[("Go on", lambda: banner.show_message("info", "second"))])
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert banner.isVisible()
    assert banner.accessibleName() == "second"
    assert not banner.buttons[0].isVisible()


def test_details_unfold(banner: Banner, qtbot: QtBot) -> None:
    banner.show_message("error", "The trainer ended.", details="line 1\nline 2")
    details = banner.findChild(QPlainTextEdit)
    assert details is not None
    assert not details.isVisible()
    more = next(button for button in banner.findChildren(QPushButton) if button.text() == "Details")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert details.isVisible()
    assert details.toPlainText() == "line 1\nline 2"
    banner.show_message("info", "All is well.")
    assert not details.isVisible()
    assert not more.isVisible()


def test_close_button_closes(banner: Banner, qtbot: QtBot) -> None:
    banner.show_message("info", "Training runs on the CPU.")
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_the_words_of_a_library_do_not_fill_the_window(banner: Banner) -> None:
    said = "Wrong. " * 20_000
    banner.show_message("error", said, "the traceback")
    assert len(banner.message) < 700
    assert banner.height() < 200
    details = banner.findChild(QPlainTextEdit)
    assert details is not None
    assert details.toPlainText().endswith("the traceback")


def test_long_buttons_stand_below_a_message_that_keeps_its_width(banner: Banner) -> None:
    labels = ("Back to step 48 with learning rate 0.1", "Restart with learning rate 0.1")
    banner.setFixedWidth(480)
    for words in (labels, ("Wait", "End and restart"), labels):
        banner.show_message("error", "The loss became NaN. " * 4, actions=[(label, print) for label in words])
        banner.adjustSize()
        QCoreApplication.sendPostedEvents()
        text = banner.findChild(WrappedLabel)
        assert text is not None
        below = banner.buttons[0].y() >= text.y() + text.height()
        assert below == (words is labels)
        assert text.width() > 150
        assert all(button.width() >= button.sizeHint().width() for button in banner.buttons)


def test_buttons_go_below_a_message_that_has_no_room_beside_them(banner: Banner) -> None:
    """As when a panel is opened beside the plot: its words stood one below the other, cut."""
    text = banner.findChild(WrappedLabel)
    assert text is not None
    for width, beside in ((800, True), (330, False), (800, True)):
        banner.resize(width, 60)
        actions = [("Continue", print), ("Train a new run", print)]
        banner.show_message(
            "info", "Loss Explorer ended unexpectedly. Your last session is restored.", "", actions
        )
        QCoreApplication.processEvents()
        assert (banner.buttons[0].y() < text.y() + text.height()) == beside
        assert text.width() > 200
        assert all(button.isVisible() for button in banner.buttons)


def test_a_third_action_is_refused(banner: Banner) -> None:
    with pytest.raises(ValueError, match="room for 2"):
        banner.show_message("info", "x", actions=[("a", print)] * 3)


def test_an_error_with_a_remedy_stays_until_it_is_dealt_with(banner: Banner, qtbot: QtBot) -> None:
    """Ctrl+D, while settings cannot be saved, took a trainer's error and its button away."""
    done: list[str] = []
    banner.show_message("error", "It cannot start.", actions=[("Restart", lambda: done.append("restarted"))])
    for sentence in ("Settings cannot be saved.", "Done.", "Settings cannot be saved."):
        banner.show_message("warning", sentence)
    assert (banner.message, banner.buttons[0].text()) == ("It cannot start.", "Restart")
    assert [label.text() for label in banner.findChildren(QLabel) if "more" in label.text()] == [
        "2 more messages"
    ]
    banner.show_message("error", "No such file.")
    assert banner.message == "No such file."
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert (done, banner.message) == (["restarted"], "Done.")
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert banner.message == "Settings cannot be saved."
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_a_message_whose_cause_is_gone_does_not_wait_either(banner: Banner) -> None:
    banner.show_message("error", "It cannot start.", actions=[("Restart", print)])
    banner.show_message("warning", "The trainer does not respond.", actions=[("Wait", print)])
    banner.withdraw("The trainer does not respond.")
    banner.withdraw("It cannot start.")
    assert not banner.isVisible()
    banner.show_message("warning", "The loss is stuck.", actions=[("Restart", print)])
    banner.show_message("info", "Copied.")
    assert banner.message == "Copied."
    banner.dismiss()
    assert banner.message == "The loss is stuck."


def test_banner_dies_with_its_last_reference(
    assert_collected: Callable[[Callable[[], QWidget]], None],
) -> None:
    assert_collected(Banner)
