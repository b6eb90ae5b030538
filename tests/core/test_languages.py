"""The language of the environment is found as gettext finds it, and its catalogue loaded."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from explorer.core.data.resources import ResourceError
from explorer.core.languages import (
    LANGUAGES,
    environment_language,
    follow_environment,
    preferred_language,
    stay_untranslated,
    translations,
)
from explorer.core.texts import _, use_translations


@pytest.fixture
def english_afterwards() -> Iterator[None]:
    domain = gettext.textdomain()
    yield
    use_translations(gettext.NullTranslations())
    gettext.textdomain(domain)


@pytest.mark.parametrize(
    ("names", "language"),
    [
        (["zh_CN.UTF-8"], "zh_CN"),
        (["zh_SG"], "zh_CN"),
        (["zh-Hans-CN", "zh-CN", "zh"], "zh_CN"),
        (["zh_TW.UTF-8"], "en"),
        (["zh-Hant-HK", "zh-HK", "zh-Hant"], "en"),
        (["de_DE", "zh_CN"], "zh_CN"),
        (["de_DE@euro", "fr"], "en"),
        (["en_US", "zh_CN"], "en"),
        (["C", "zh_CN"], "en"),
        (["C.UTF-8"], "en"),
        (["", "zh"], "zh_CN"),
        ([], "en"),
    ],
)
def test_the_first_language_that_the_program_has_is_preferred(names, language):
    assert preferred_language(names) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "de:en:zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": ""}, "zh_CN"),
    ],
)
def test_the_environment_chooses_as_for_any_program_with_gettext(environment, language):
    assert environment_language(environment) == language


def test_every_language_has_a_catalogue():
    for language in LANGUAGES:
        translated = translations(language).gettext("Learning rate")
        assert (translated == "Learning rate") == (language == "en")


def test_a_catalogue_is_read_once():
    assert translations("zh_CN") is translations("zh_CN")


def test_a_language_without_catalogue_is_reported():
    with pytest.raises(ResourceError, match="resources/locale/tlh"):
        translations("tlh")


@pytest.mark.usefixtures("english_afterwards")
def test_texts_follow_the_environment(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    follow_environment()
    assert _("Learning rate") == "学习率"
    monkeypatch.setenv("LANGUAGE", "en")
    follow_environment()
    assert _("Learning rate") == "Learning rate"


@pytest.mark.usefixtures("english_afterwards")
def test_what_a_program_reads_stays_untranslated_also_in_other_processes(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    follow_environment()
    stay_untranslated()
    assert _("Learning rate") == "Learning rate"
    assert environment_language(os.environ) == "en"


def command(*arguments: str, language: str = "zh_CN") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "explorer", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={"LANGUAGE": language, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        check=False,
    )


def test_the_command_line_speaks_chinese_and_json_stays_as_it_is():
    help_ = command("--help").stdout
    assert "用法：loss-explorer" in help_
    assert "show this help" not in help_
    error = command("losses", "--jsn").stderr
    assert "无法识别的参数：--jsn" in error
    assert "损失" in command("losses").stdout
    assert '"title": "Centre loss"' in command("losses", "--json").stdout
    assert "Cannot open the recording" in command("info", "nowhere.lossrun", "--json").stderr
    assert "无法打开录制文件" in command("info", "nowhere.lossrun").stderr


def test_the_parser_speaks_the_language_of_all_else_where_gettext_would_find_none():
    found = command("--help", language="zh_SG").stdout
    assert found == command("--help").stdout
    assert "用法" in found
