"""Settings that are copied come back as they were; a text that is damaged or something else says so."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from analysis.snapshots import make_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.settings.config import ConfigError, DataConfig, RunConfig, flatten
from explorer.core.settings.files import to_json, to_toml
from explorer.export.origin import MeasuredLoss, OriginChange, RunOrigin
from explorer.export.sharing import shared_values
from explorer.gui.reproduction.settings_text import (
    CarriedSettings,
    load_settings,
    read_settings,
    settings_text,
)

SNAPSHOT = make_snapshot(60, loss="arcface", params={"margin": 0.37})
CONFIG = SNAPSHOT.config
ORIGIN = RunOrigin(
    version="1.0",
    torch="2.6",
    machine="Linux 6 x86_64, 2 CPU",
    device="cpu",
    threads=2,
    data_digest="ab",
    first={"loss.name": "softmax", "seed": 3},
    changes=(OriginChange(12, {"loss.name": "arcface", "loss.margin": 0.37}),),
    losses=(MeasuredLoss(7, 0.1 + 0.2), MeasuredLoss(100, 1 / 3)),
)
TEXT = settings_text(SNAPSHOT, ORIGIN)


def test_settings_and_origin_come_back_to_the_last_digit():
    assert read_settings(TEXT, "Clipboard") == CarriedSettings(CONFIG, ORIGIN)


@pytest.mark.parametrize(
    "passed_on",
    [
        "\ufeff" + TEXT,
        "\n  \n" + TEXT.replace("\n", "\r\n"),
        f"```toml\n{TEXT}\n```\n",
        TEXT.replace(" = ", "="),
    ],
    ids=["byte order mark", "line ends", "fences", "spaces"],
)
def test_mails_and_chats_change_nothing(passed_on):
    assert read_settings(passed_on, "Clipboard") == CarriedSettings(CONFIG, ORIGIN)


def test_other_settings_are_taken_too():
    assert read_settings("seed = 4", "Clipboard").config.seed == 4
    for content in (to_toml(CONFIG), to_json(CONFIG)):
        assert read_settings(content, "Clipboard") == CarriedSettings(CONFIG)


def test_an_edited_text_is_not_taken_for_the_run_that_it_was():
    edited = TEXT.replace("margin = 0.37", "margin = 0.36")
    carried = read_settings(edited, "Clipboard")
    assert (carried.config.get("loss.margin"), carried.origin) == (0.36, None)


def test_what_a_newer_version_says_of_the_origin_is_left_out():
    newer = TEXT.replace('{"version"', '{"new":1,"version"')
    assert read_settings(newer, "Clipboard") == CarriedSettings(CONFIG)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Clipboard: there is no text."),
        (" \n", "Clipboard: there is no text."),
        ("Dear students,\nsee you on Monday.", "this text has no settings in it. Settings are lines such as"),
        ("def f(x):\n    y = x + 1", "Clipboard: not valid TOML"),
        ("margin = 0.5", "run has no setting 'margin'"),
        ("x" * (1 << 20) + "\nseed = 1", "this text is too long for settings"),
        ("{" * 50_000, "Clipboard: not valid JSON"),
        ("a = " + "[" * 50_000, "Clipboard: not valid TOML"),
        ("seed = " + "9" * 5_000, "Clipboard: "),
    ],
)
def test_another_text_says_what_it_is_not(content, sentence):
    with pytest.raises(ConfigError, match=r".") as error:
        read_settings(content, "Clipboard")
    assert sentence in str(error.value)
    assert len(str(error.value)) < 300


def test_a_text_that_is_cut_off_is_refused():
    """TOML that is cut between two lines is valid, and would quietly become the defaults."""
    lines = TEXT.splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    for end in range(start + 1, len(lines)):
        cut = "\n".join(lines[:end])
        if "=" not in cut[cut.index("\n[") :] if "\n[" in cut else False:
            continue
        with pytest.raises(ConfigError, match=r"cut off|no settings"):
            read_settings(cut, "Clipboard")


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_text_gives_settings_or_a_sentence(data):
    at = data.draw(st.integers(0, len(TEXT)))
    until = data.draw(st.integers(at, min(len(TEXT), at + 200)))
    damaged = TEXT[:at] + data.draw(st.text(max_size=20)) + TEXT[until:]
    try:
        carried = read_settings(damaged, "Clipboard")
    except ConfigError as error:
        assert "Clipboard" in str(error)
    else:
        if carried.origin is not None:
            assert carried.config == CONFIG, "the origin is that of other settings"


def test_an_origin_with_absurd_numbers_is_none(tmp_path):
    for wrong in (
        {"losses": []},
        {"losses": [[0, 1.0]]},
        {"losses": [[10**9, 1.0]]},
        {"threads": 10**6},
        {"changes": [[-1, {}]]},
    ):
        table = {**msgspec.to_builtins(ORIGIN), **wrong}
        content = TEXT.replace(msgspec.json.encode(ORIGIN).decode(), msgspec.json.encode(table).decode())
        path = tmp_path / "settings.toml"
        path.write_text(content, "utf-8")
        assert load_settings(path) == CarriedSettings(CONFIG)


def test_settings_that_travel_do_not_name_the_persons_folder(monkeypatch):
    home = Path("/home/ada.lovelace")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    first, later = (RunConfig(data=DataConfig(source=str(home / name))) for name in ("coins", "bank notes"))
    origin = msgspec.structs.replace(
        ORIGIN,
        first=shared_values(flatten(first)),
        changes=(OriginChange(12, shared_values({"data.source": later.data.source})),),
    )
    carried = settings_text(msgspec.structs.replace(SNAPSHOT, config=later), origin)
    assert "ada" not in carried

    read = read_settings(carried, "text")
    assert read.config == later
    assert read.origin is not None
    start = read.origin.first_config(read.config)
    assert start.data.source == first.data.source
    assert [one.config.data.source for one in read.origin.changed_configs(start)] == [later.data.source]
