"""What a teacher writes: what is read of it, and one sentence with file and line for what is wrong."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.cli import main
from explorer.core.data.resources import resource
from explorer.gui.guides.guide import GuideError
from explorer.gui.lessons.lesson import parse_lesson, read_lesson
from explorer.gui.lessons.link import content_of_link, link_of
from explorer.gui.lessons.parts import PANELS, PARTS
from explorer.gui.panels import EVENTS, LOG, RUNS, SETTINGS, THEORY
from explorer.gui.views.registry import VIEWS

GOOD = """+++
version = 1
title = "T"
language = "en"
idle = 60
hidden = ["runs", "menu:view"]
show = ["curves"]
options = { features.polar = true }

[settings]
loss.name = "arcface"
"loss.margin" = 0.3

[[steps]]
id = "one"
until = [{ setting = "loss.margin", at_least = 0.4 }]
+++
<!-- for the
teacher -->
## one

What if $m=0.4$? <!-- the answer is below -->
"""


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_lesson_is_read():
    lesson = parse_lesson(GOOD, "a.md")
    assert lesson.start.set == {"loss.name": "arcface", "loss.margin": 0.3}
    assert lesson.start.options == {"features.polar": True}
    assert lesson.start.show == ("curves",)
    assert lesson.table.hidden == ("runs", "menu:view")
    assert [step.text for step in lesson.guide.steps] == ["What if $m=0.4$?"]
    assert (lesson.table.large_type, lesson.table.idle) == (True, 60)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (with_line('"runs"', '"rnus"'), 6, "there is no part 'rnus' to hide. Did you mean 'runs'?"),
        (with_line("loss.name", "loss.nme"), 11, "loss has no setting 'nme'"),
        (with_line('"arcface"', '"arcfac"'), 11, "There is no loss 'arcfac'"),
        (with_line("at_least = 0.4", "at_least = 40"), 16, "loss.margin = 40.0 is above its maximum"),
        (with_line('"loss.margin" = 0.3', '"loss.margin" = [1]'), 12, "'loss.margin' is a number"),
        (with_line("idle = 60", "idle = 3"), 5, "'idle' is 0 for never, or 20 to"),
        (with_line("idle = 60", 'idle = "long"'), 5, "Expected `float`"),
        (with_line("idle = 60", "idel = 60"), 5, "unknown field `idel`"),
        (with_line('language = "en"', 'language = "xx"'), 4, "'language' is one of en, zh_CN"),
        (with_line("version = 1", "version = 2"), 1, "it needs a newer version"),
        (with_line('show = ["curves"]', 'show = ["runs"]'), 6, "'runs', which is hidden"),
        (with_line('id = "one"', 'id = "start"'), 15, "the id 'start' is taken"),
        (with_line("title", "titel"), 3, "unknown field `titel`"),
        (with_line("[[steps]]", "[[steps"), 14, "not valid TOML"),
        (with_line("## one", "## two"), 20, "there is no section 'two'"),
        (with_line("$m=0.4$", "$m=0.4"), 22, "a formula is not closed"),
        ("no table", 1, "it begins with a table"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(content, line, words):
    with pytest.raises(GuideError) as caught:
        parse_lesson(content, "lessons/a.md")
    sentence = str(caught.value)
    assert sentence.startswith(f"lessons/a.md, line {line}: ")
    assert words in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "There is no lesson"),
        (b"\xff\xfe+\x00", "it is not UTF-8 text"),
        (b"+" * 40_000, "it has at most 32768 bytes"),
        (with_line('"runs"', '"rnus"').encode(), "line 6"),
    ],
)
def test_a_bad_file_ends_the_program_with_one_sentence(data, words, tmp_path, capsys):
    path = tmp_path / "a.md"
    if data is not None:
        path.write_bytes(data)
    assert main(["gui", "--lesson", str(path)]) == 2
    told = capsys.readouterr().err
    assert words in told.replace(",", "").replace("line6", "line 6")
    assert str(path) in told
    assert told.count("\n") == 1


def test_a_folder_or_an_impossible_name_is_no_lesson(tmp_path):
    for name in (str(tmp_path), "a\0b"):
        with pytest.raises(GuideError):
            read_lesson(name)


def test_a_file_of_windows_is_read(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_lesson(str(path)).guide.title == "T"


def test_the_shipped_lessons_are_read_by_name_and_are_the_same_in_both_languages():
    english, chinese = (sorted((resource("lessons") / language).glob("*.md")) for language in ("en", "zh_CN"))
    assert [path.name for path in english] == [path.name for path in chinese] != []
    for first, second in zip(english, chinese, strict=True):
        lesson, translation = read_lesson(first.stem), read_lesson(str(second))
        assert lesson.guide.title == read_lesson(str(first)).guide.title
        assert translation.table.language == "zh_CN"
        assert translation.start == lesson.start
        assert translation.table.hidden == lesson.table.hidden
        assert [step.table for step in translation.guide.steps] == [step.table for step in lesson.guide.steps]
        assert all("<!--" not in step.text for step in lesson.guide.steps)


def test_a_link_holds_the_whole_lesson_and_survives_line_breaks():
    link = link_of(GOOD)
    assert content_of_link(link) == GOOD
    wrapped = "\n".join(link[i : i + 60] for i in range(0, len(link), 60))
    assert read_lesson(f"  {wrapped} \n").guide.title == "T"


def packed(data: bytes) -> str:
    return "loss-explorer:lesson?1." + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (link_of(GOOD)[:-9], "damaged"),
        (link_of(GOOD) + "AAAA", "damaged"),
        (link_of(GOOD).replace("?1.", "?2."), "newer version"),
        ("loss-explorer:lesson?", "damaged"),
        ("loss-explorer:lesson?1.ä", "damaged"),
        (packed(b"no zlib"), "damaged"),
        (packed(zlib.compress(b"\xff\xfe")), "damaged"),
        (packed(zlib.compress(b"0" * 30_000_000)), "longer than a lesson can be"),
        (packed(b"0" * 60_000), "longer than a lesson can be"),
        (link_of(with_line('"runs"', '"rnus"')), "lesson link, line 6"),
    ],
)
def test_a_damaged_link_is_refused_and_a_bomb_is_not_unpacked(link, words):
    with pytest.raises(GuideError, match=words):
        read_lesson(link)


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text('+$[]{}()#\\="\n,ax1.:-<>!', max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_into_a_lesson_is_read_or_refused_in_one_sentence(at, length, typed):
    content = GOOD[:at] + typed + GOOD[at + length :]
    try:
        lesson = parse_lesson(content, "a.md")
    except GuideError as error:
        assert str(error).startswith("a.md, line ")
    else:
        assert set(lesson.table.hidden) <= set(PARTS)


@given(st.text(max_size=60) | st.binary(max_size=60).map(packed))
@settings(max_examples=60, deadline=None)
def test_whatever_follows_the_beginning_of_a_link_is_read_or_refused(rest):
    link = rest if rest.startswith("loss-explorer:lesson?") else f"loss-explorer:lesson?{rest}"
    with pytest.raises(GuideError):
        read_lesson(link)


def test_all_panels_but_that_in_the_middle_can_be_hidden():
    others = {panel.id for panel in (SETTINGS, LOG, RUNS, THEORY, EVENTS)}
    assert set(PANELS) == {spec.id for spec in VIEWS if spec.group != "central"} | others
