"""A language is one of sentences, of Qt's own dialogs, of numbers and dates, and of the font."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QDate, QEvent, QLocale
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QColorDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
)

from explorer.core.data.resources import ResourceError
from explorer.core.languages import translations
from explorer.core.texts import _, use_translations
from explorer.gui.commands.command import plain
from explorer.gui.language.interface_language import InterfaceLanguage, interface_language

_NOT_NATIVE = QColorDialog.ColorDialogOption.DontUseNativeDialog
LANGUAGE = "explorer.gui.language.interface_language"


def cancel_text(qtbot) -> str:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    return box.button(QDialogButtonBox.StandardButton.Cancel).text()


@pytest.mark.usefixtures("chinese_font")
def test_sentences_and_the_dialogs_of_qt_are_chinese_and_english_again(qtbot):
    language = interface_language()
    assert language.choose("zh_CN") == ""
    assert (language.name, language.code) == ("zh_CN", "zh_CN")
    assert _("Learning rate") == "学习率"
    assert cancel_text(qtbot) == "取消"
    assert language.choose("en") == ""
    assert _("Learning rate") == "Learning rate"
    assert cancel_text(qtbot) == "Cancel"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert language.children() == [], "catalogues of the language before"


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("kind", [QFileDialog, QColorDialog])
def test_no_word_of_a_dialog_of_qt_stays_english(qtbot, kind):
    interface_language().choose("zh_CN")
    dialog = kind()
    dialog.setOption(kind.Option.DontUseNativeDialog if kind is QFileDialog else _NOT_NATIVE)
    qtbot.addWidget(dialog)
    widgets = (*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton))
    shown = [words for widget in widgets if (words := plain(widget.text())).isascii() and len(words) > 3]
    assert [words for words in shown if not words.startswith("HTML") and "#" not in words] == []
    assert len(widgets) > 10


@pytest.mark.usefixtures("chinese_font", "qapp")
def test_numbers_and_dates_are_written_as_in_the_language_and_a_decimal_point_stays_one():
    day = QDate(2026, 11, 29)
    interface_language().choose("zh_CN")
    assert "年" in QLocale().toString(day, QLocale.FormatType.LongFormat)
    assert QLocale().toString(1234.5, "f", 1) == "1,234.5"
    assert QLocale().toDouble("0.5") == (0.5, True)
    interface_language().choose("en")
    assert "November" in QLocale().toString(day, QLocale.FormatType.LongFormat)
    assert QLocale().toDouble("0.5") == (0.5, True)


def test_chinese_and_the_letters_in_it_are_of_one_font(chinese_font):
    before = QApplication.font().families()
    interface_language().choose("zh_CN")
    assert QApplication.font().families() == [chinese_font, *before]
    interface_language().choose("en")
    assert QApplication.font().families() == before


@pytest.mark.usefixtures("chinese_font", "qapp")
def test_the_system_decides_where_nothing_was_chosen(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    language = interface_language()
    language.choose("system")
    assert (language.name, language.code) == ("system", "zh_CN")
    monkeypatch.setenv("LANGUAGE", "en")
    language.choose("an unknown choice")
    assert (language.name, language.code) == ("system", "en")


@pytest.mark.usefixtures("chinese_font", "qapp")
def test_without_a_font_it_stays_english_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(f"{LANGUAGE}.chinese_family", lambda: "")
    monkeypatch.setattr(f"{LANGUAGE}.os_release", lambda: {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"})
    language = interface_language()
    assert "apt-get install fonts-noto-cjk" in language.choose("zh_CN")
    assert (language.name, language.code) == ("zh_CN", "en"), "the wish is kept for the next start"
    assert _("Learning rate") == "Learning rate"


@pytest.mark.parametrize("choice", ["en", "zh_CN"])
def test_the_language_of_the_command_line_does_not_stay(qapp, monkeypatch, choice):
    """On a Chinese system the command line is Chinese before there is a window."""
    monkeypatch.setattr(f"{LANGUAGE}.chinese_family", lambda: "")
    use_translations(translations("zh_CN"))
    language = InterfaceLanguage(qapp)
    try:
        language.choose(choice)
        assert _("Learning rate") == "Learning rate"
    finally:
        use_translations(translations("en"))
        language.setParent(None)


@pytest.mark.usefixtures("chinese_font", "qapp")
def test_an_installation_without_catalogues_is_english_and_says_so(monkeypatch):
    def missing(_language: str) -> None:
        raise ResourceError("This installation lacks resources/{name}.", name="locale")

    monkeypatch.setattr(f"{LANGUAGE}.translations", missing)
    assert "lacks resources/locale" in interface_language().choose("zh_CN")
    assert interface_language().code == "en"


def test_a_text_field_has_its_menu_in_chinese(qtbot, chinese_font):
    assert chinese_font
    interface_language().choose("zh_CN")
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    assert any("粘贴" in action.text() for action in menu.actions())
    menu.deleteLater()
