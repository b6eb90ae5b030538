"""InterfaceLanguage: the language of all that this process shows."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from explorer.core.data.resources import ResourceError
from explorer.core.languages import (
    ENGLISH,
    LANGUAGES,
    environment_language,
    preferred_language,
    translations,
)
from explorer.core.texts import N_, _, use_translations
from explorer.gui.language.chinese_font import chinese_family, missing_font_text, os_release
from explorer.gui.theme.application import make_application
from explorer.gui.theme.application_font import application_font

SYSTEM = "system"
CHOICES = (SYSTEM, *LANGUAGES)
_CHINESE = "zh_CN"
_LOCALES = {ENGLISH: QLocale("en_GB"), _CHINESE: QLocale("zh_CN")}
"""How numbers and dates are written in Qt's widgets where the language is not that of the system."""


_LEFT_OUT = {
    "QFileDialog": (N_("&Look in:"), N_("Files of &type:")),
    "QFileSystemModel": (N_("Size"),),
}
"""Texts of Qt that its catalogue of Chinese lacks or has wrong, by their context there."""


class _QtTexts(QTranslator):
    """The few texts of Qt that its own catalogue leaves out."""

    def translate(
        self, context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        """Return the translation of a text of Qt, None (not "") for one left to Qt's catalogue."""
        return _(source) if source in _LEFT_OUT.get(context, ()) else None


class InterfaceLanguage(QObject):
    """Applies a language: to sentences, to Qt's own dialogs, to numbers and dates, and to the font.

    Widgets keep the texts that they have: a window has to be built anew.

    Attributes
    ----------
    name : str
        What was chosen, of `CHOICES`.
    code : str
        The language in force, of `LANGUAGES`.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.name = SYSTEM
        self.code = ENGLISH
        self._application = application
        application_font()  # of the system's font, before another is set
        self._translators: tuple[QTranslator, ...] = ()
        use_translations(translations(ENGLISH))  # the command line may have begun in another language
        QLocale.setDefault(_locale(ENGLISH))

    def choose(self, name: str) -> str:
        """Use a language of `CHOICES`; any other name is that of the system.

        Returns
        -------
        str
            Why it is English instead, in a sentence; empty where the language is in force.
        """
        self.name = name if name in CHOICES else SYSTEM
        code = system_language() if self.name == SYSTEM else self.name
        complaint = ""
        if code == _CHINESE and not chinese_family():
            code, complaint = ENGLISH, str(missing_font_text(os_release()))
        try:
            self._use(code)
        except ResourceError as error:
            complaint = str(error)
        return complaint

    def _use(self, code: str) -> None:
        if code == self.code:
            return
        use_translations(translations(code))
        self.code = code
        self._translate_qt()
        QLocale.setDefault(_locale(code))
        application_font().set_families([chinese_family()] if code == _CHINESE else [])

    def _translate_qt(self) -> None:
        """Use the texts of Qt's own widgets that come with Qt; English is what they are written in."""
        for translator in self._translators:
            self._application.removeTranslator(translator)
            translator.deleteLater()
        self._translators = ()
        if self.code != ENGLISH:
            catalogue = QTranslator(self)
            catalogue.load(
                f"qtbase_{self.code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            )
            self._translators = (catalogue, _QtTexts(self))
            for translator in self._translators:
                self._application.installTranslator(translator)


def interface_language() -> InterfaceLanguage:
    """Return the one language of the process, made with the first window."""
    application = make_application()
    found: InterfaceLanguage | None = application.findChild(InterfaceLanguage)  # the stubs leave out None
    return InterfaceLanguage(application) if found is None else found


def names_of_languages() -> Mapping[str, str]:
    """Return how the menu names each language, by its code: in itself where there is a font for it."""
    return LANGUAGES if chinese_family() else {**LANGUAGES, _CHINESE: N_("Simplified Chinese")}


def system_language() -> str:
    """Return the language of `LANGUAGES` that the system has, on Linux as the command line finds it."""
    linux = platform.system() == "Linux"
    return environment_language() if linux else preferred_language(QLocale.system().uiLanguages())


def _locale(code: str) -> QLocale:
    """Return the system's locale where it is of this language, else a common one."""
    system = QLocale.system()
    return system if preferred_language([system.name()]) == code and code in system.name() else _LOCALES[code]
