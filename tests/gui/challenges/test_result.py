"""The text of a result: what is written is read again, and anything else is refused with one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from explorer.core.settings.config import RunConfig
from explorer.gui.challenges.records import ChallengeRecords, read_result
from explorer.gui.challenges.result import (
    FIRST_LINE,
    MOST_BYTES,
    ChallengeResult,
    ResultChange,
    ResultError,
    ResultPart,
    change_between,
    is_result,
    parse_result,
    repeated_parts,
    settings_of,
    to_text,
)

START = RunConfig().replace({"loss.name": "cosface", "seed": 7, "threads": 3, "device": "cpu"})
LATER = START.replace({"loss.margin": 0.5})
OTHER = LATER.replace({"loss.name": "softmax"})
RESULT = ChallengeResult(
    challenge="rescue",
    title="Rescue „a“ run",
    images=51_200,
    limit=90_000,
    version="1.0",
    torch="2.9",
    machine="Linux 6 x86_64, 2 CPU",
    device="cpu",
    threads=2,
    data_digest="ab12",
    parts=(
        ResultPart(
            step=300,
            settings=settings_of(START),
            changes=(change_between(120, START, LATER),),
            selected=(3, 14),
            figures={"accuracy": 0.971},
        ),
        ResultPart(step=400, changes=(change_between(310, LATER, OTHER),), figures={"class-length-8": 0.4}),
    ),
)
TEXT = to_text(RESULT)
OWN = {"device": "cpu", "threads": 1}


def problem(content: str) -> str:
    with pytest.raises(ResultError) as caught:
        parse_result(content)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_a_result_is_read_as_it_was_written():
    assert parse_result(TEXT) == RESULT
    assert "threads" not in settings_of(START)
    assert settings_of(START)["seed"] == 7


@pytest.mark.parametrize(
    "sent",
    [
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        "```toml\n" + TEXT + "```\n",
        "\n\n  " + TEXT + "\n\n",
        TEXT.replace(" = ", "   =  "),
    ],
)
def test_what_a_mail_does_to_a_text_changes_nothing(sent):
    assert is_result(sent)
    assert parse_result(sent) == RESULT


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "begins with"),
        ("loss = 3", "begins with"),
        (TEXT + "x" * MOST_BYTES, "too long"),
        (TEXT.replace("step = 300", "step = 301"), "checksum"),
        (TEXT[: TEXT.index("[[parts]]", TEXT.index("[[parts]]") + 5)], "checksum"),
        (TEXT.replace("step = 300", 'step = "300"'), "parts"),
        (TEXT.replace("step = 300", f"step = 1{'0' * 5000}"), "is damaged"),
        (TEXT.replace("format = 1", "format = 2"), "newer version"),
        (TEXT.replace("format = 1", "format = 1\nmore = 1"), "more"),
        (TEXT.replace("0.971", "nan"), "not finite"),
        (TEXT.replace("0.971", "inf"), "not finite"),
        (TEXT.replace("images = 51200", "images = -1"), "images"),
        (FIRST_LINE + "\n" + "[" * 3000, "is damaged"),
        (TEXT.replace("[[parts]]", "[[part]]"), "part"),
    ],
)
def test_what_is_damaged_or_foreign_is_refused(content, words):
    assert words in problem(content)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text('+$[]{}()#\\="\n,ax1.:-', max_size=8))
def test_a_text_with_any_part_replaced_is_the_same_or_refused(start, length, put):
    changed = TEXT[:start] + put + TEXT[start + length :]
    try:
        result = parse_result(changed)
    except ResultError as error:
        assert str(error)
    else:
        assert result == RESULT


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_is_refused_or_read(words):
    with pytest.raises(ResultError):
        parse_result(f"{FIRST_LINE}\n{words}")


def test_the_parts_of_a_run_are_repeated_with_all_changes_up_to_them():
    first, second = repeated_parts(RESULT, OWN)
    assert first.first == second.first == START.replace(OWN)
    assert [(change.step, change.config) for change in first.changes] == [(120, LATER.replace(OWN))]
    assert [change.step for change in second.changes] == [120, 310]
    assert [change.seq for change in second.changes] == [1, 2]
    assert (first.config, second.config) == (LATER.replace(OWN), OTHER.replace(OWN))


def test_a_part_with_settings_begins_a_run_of_its_own():
    parts = (RESULT.parts[0], replace(RESULT.parts[1], step=5, settings=settings_of(OTHER), changes=()))
    _first, second = repeated_parts(replace(RESULT, parts=parts), OWN)
    assert (second.first, second.changes) == (OTHER.replace(OWN), ())


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (ResultPart(step=5), "no settings"),
        (ResultPart(step=5, settings={"loss.nome": "softmax"}), "part 1: "),
        (ResultPart(step=5, settings={"network.dim": 513}), "part 1: "),
        (
            ResultPart(step=5, settings={}, changes=(ResultChange(6, {"optimizer.rate": 0.2}),)),
            "cannot be made",
        ),
        (ResultPart(step=5, settings={}, changes=(ResultChange(2, {"network.dim": 3}),)), "cannot be made"),
        (ResultPart(step=5, settings={}, changes=(ResultChange(2, {"loss.margin": 3}),)), "part 1: "),
    ],
)
def test_what_cannot_be_repeated_is_refused(part, words):
    with pytest.raises(ResultError, match=words):
        repeated_parts(replace(RESULT, parts=(part,)), OWN)


def test_parts_out_of_order_are_refused():
    parts = (RESULT.parts[0], replace(RESULT.parts[1], step=200, changes=()))
    with pytest.raises(ResultError, match="not in order"):
        repeated_parts(replace(RESULT, parts=parts), OWN)


def test_the_best_result_of_a_challenge_is_kept(tmp_path):
    records = ChallengeRecords(tmp_path / "window.toml")
    assert records.passed() == frozenset()
    assert records.best("rescue") is None
    assert records.keep(RESULT)
    assert not records.keep(replace(RESULT, images=60_000))
    assert records.keep(replace(RESULT, images=40_000))
    assert ChallengeRecords(tmp_path / "window.toml").passed() == {"rescue"}
    assert records.best("rescue").images == 40_000


def test_a_damaged_record_is_replaced_and_a_file_that_is_none_refused(tmp_path):
    records = ChallengeRecords(tmp_path / "window.toml")
    records.keep(RESULT)
    (path,) = (tmp_path / "challenges").iterdir()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ResultError, match="Cannot read"):
        read_result(path)
    assert records.keep(replace(RESULT, images=80_000))
    assert records.best("rescue").images == 80_000
