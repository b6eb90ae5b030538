"""Languages: which ones the program has, which one a person prefers, and their catalogues of sentences.

A catalogue is ``resources/locale/LANGUAGE/LC_MESSAGES/loss-explorer.po``, and beside it the ``.mo`` that
Babel compiles from it, which is read here. English needs none: its sentences are the message ids.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from explorer.core.data.resources import resource
from explorer.core.texts import N_, use_translations

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({ENGLISH: "English", "zh_CN": "简体中文"})
"""Name of each language in that language, by its code."""

_DOMAIN = "loss-explorer"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables that choose the language of messages; the first that is set counts."""
_TRADITIONAL = {"hant", "tw", "hk", "mo"}
"""Script and regions of Traditional Chinese, for which there is no catalogue."""

ARGPARSE_MESSAGES = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("not allowed with argument %s"),
)
"""Message ids of the standard library's parser, which looks them up in the text domain of the process."""


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the sentences of a language of `LANGUAGES`, which are read once.

    Raises
    ------
    ResourceError
        If the installation lacks the catalogue.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    with _catalogue(language).open("rb") as file:
        return gettext.GNUTranslations(file)


def preferred_language(names: Iterable[str]) -> str:
    """Return the first language of `LANGUAGES` among names such as ``zh_CN.UTF-8`` or ``zh-Hans-CN``.

    English where there is none. Every kind of Simplified Chinese is ``zh_CN``.
    """
    for name in names:
        language, *parts = name.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")
        if language in ("c", "posix", "en"):
            return ENGLISH
        if language == "zh" and not _TRADITIONAL.intersection(parts):
            return "zh_CN"
    return ENGLISH


def environment_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of `LANGUAGES` that the environment asks for, as gettext reads it."""
    chosen = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return preferred_language(chosen.split(":"))


def follow_environment() -> None:
    """Show texts in the language of the environment from now on, those of argparse as well.

    Other libraries and processes look for catalogues by other rules than `preferred_language`, so they are
    told what it has found.

    Raises
    ------
    ResourceError
        If the installation lacks the catalogue.
    """
    language = environment_language()
    use_translations(translations(language))
    os.environ["LANGUAGE"] = language
    if language != ENGLISH:
        gettext.bindtextdomain(_DOMAIN, str(_catalogue(language).parents[2]))
        gettext.textdomain(_DOMAIN)


def stay_untranslated() -> None:
    """Show texts as they are in the source, also in processes started later: a program reads them."""
    use_translations(gettext.NullTranslations())
    os.environ["LANGUAGE"] = ENGLISH


def _catalogue(language: str) -> Path:
    return resource("locale", language, "LC_MESSAGES", f"{_DOMAIN}.mo")
