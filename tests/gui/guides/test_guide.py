"""The reader of guides: what it accepts, what it refuses and how, and which language the words are in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.gui.guides.guide import GuideError, parse_guide, read_guide, read_guides, translated

PLACE = Path("tours/en/1-gaps.md")
GOOD = """+++
title = "Gaps"
about = "What opens a gap."
cards = ["arcface"]

[[steps]]
id = "choose"
set = { "network.dim" = 2 }
options = { "features.bands" = true }
show = ["angles", "lab:margin"]
run = ["restart", "start"]
until = [{ setting = "loss.name", is = "arcface" }, { figure = "accuracy", at_least = 0.9 }]

[[steps]]
id = "drag"
set = { "loss.margin" = 0.3 }
+++

## choose

What opens a gap of $m$? Choose [ArcFace](card:arcface).

## drag

Drag it, or see [another tour](tour:other).
"""


def test_a_guide_is_read():
    guide = parse_guide(GOOD, PLACE)
    assert (guide.id, guide.title, guide.about, guide.language) == (
        "gaps",
        "Gaps",
        "What opens a gap.",
        "en",
    )
    first, second = guide.steps
    assert first.text.startswith("What opens")
    assert first.table.run == ("restart", "start")
    assert [condition.subject for condition in first.table.until] == ["setting", "figure"]
    assert second.table.set == {"loss.margin": 0.3}
    assert second.table.until == ()


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        (("+++\ntitle", "title"), 1, "begins with a table"),
        (('title = "Gaps"', "title = Gaps"), 2, "not valid TOML"),
        (('title = "Gaps"', 'title = ""'), 1, "1 to 60 letters"),
        (('about = "What opens a gap."\n', ""), 1, "about"),
        (('id = "drag"', 'id = "choose"'), 1, "two steps have the same id"),
        (('id = "drag"', 'id = "Drag it"'), 1, "'Drag it' is no id"),
        (('run = ["restart", "start"]', 'run = ["fly"]'), 1, "fly"),
        (('"network.dim" = 2', '"network.dim" = 900'), 1, "step 'choose': network.dim = 900 is above"),
        (('"network.dim" = 2', '"network.dims" = 2'), 1, "step 'choose': network has no setting 'dims'"),
        (('"network.dim" = 2', f'"seed" = 1{"0" * 400}'), 1, "step 'choose': run.seed"),
        (('"network.dim" = 2', f'"seed" = 1{"0" * 5000}'), 1, "not valid"),
        (("loss.margin", "loss.alpha"), 1, "step 'drag': "),
        (('is = "arcface"', 'is = "arcfase"'), 1, "arcfase"),
        (('id = "drag"', 'id = "drag"\npreset = "none"'), 1, "step 'drag': There is no preset 'none'"),
        (("at_least = 0.9", "at_least = nan"), 1, "finite number"),
        (("at_least = 0.9", "is = 0.9"), 1, "needs at_least or at_most"),
        ((", at_least = 0.9", ""), 1, "figure needs exactly one of"),
        (("at_least = 0.9", "at_least = 0.9, at_most = 1"), 1, "exactly one of is, at_least, at_most, near"),
        (('figure = "accuracy"', 'figure = "luck"'), 1, "luck"),
        (('figure = "accuracy"', 'figure = "class-accuracy"'), 1, "class is needed by"),
        (('{ figure = "accuracy", at_least = 0.9 }', "{}"), 1, "exactly one of figure, setting"),
        (('{ figure = "accuracy", at_least = 0.9 }', "{ selected = 1, is = 1 }"), 1, "not compared"),
        (('{ figure = "accuracy", at_least = 0.9 }', '{ eval = "1" }'), 1, "eval"),
        (("## drag", "## drop"), 23, "no section 'drop'; known: choose, drag"),
        (("\n## drag\n\nDrag it, or see [another tour](tour:other).\n", ""), 22, "needs the sections"),
        (("$m$", "$m"), 21, "formula"),
        (("tour:other", "file:///etc"), 25, "file:///etc"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(change, line, problem):
    assert change[0] in GOOD
    with pytest.raises(GuideError, match=rf"^en/1-gaps\.md, line {line}: ") as caught:
        parse_guide(GOOD.replace(*change, 1), PLACE)
    assert problem in str(caught.value)
    assert str(caught.value).count("\n") == 0


@settings(max_examples=60)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text('+$[]{}()#\\="\n,ax1.:-', max_size=6))
def test_a_guide_with_any_part_replaced_is_read_or_refused(start, length, put):
    try:
        guide = parse_guide(GOOD[:start] + put + GOOD[start + length :], PLACE)
    except GuideError as error:
        assert str(error)
    else:
        assert guide.steps


CHALLENGE = """+++
title = "Gaps"
about = "Open a gap."

[challenge]
set = { "loss.name" = "arcface", "loss.margin" = 0.1 }
before = 100
limit = 60_000
allowed = ["loss.*", "optimizer.rate"]

[[steps]]
id = "goal"
until = [{ figure = "accuracy", at_least = 0.9 }, { setting = "loss.margin", at_least = 0.3 }]

[[steps]]
id = "passed"
+++

## goal

How wide can a gap be?

## passed

As wide as that.
"""


def test_a_challenge_has_rules():
    rules = parse_guide(CHALLENGE, PLACE).challenge
    assert rules is not None
    assert (rules.start.loss.name, rules.before, rules.limit, rules.steps) == ("arcface", 100, 60_000, 468)
    same = {"loss.name": "softmax", "optimizer.rate": 0.01, "data.probe_every": 5, "device": "cpu"}
    assert rules.forbidden(rules.start.replace(same)) == ()
    other = rules.start.replace({"network.dim": 3, "seed": 4, "optimizer.batch": 64, "loss.scale": 3.0})
    assert rules.forbidden(other) == ("network.dim", "optimizer.batch", "seed")
    assert parse_guide(GOOD, PLACE).challenge is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('"loss.margin" = 0.1', '"loss.margins" = 0.1'), "challenge: "),
        (("before = 100", "before = 1001"), "before is 0 to 1000"),
        (("limit = 60_000", "limit = 12_800"), "limit is more images"),
        (("limit = 60_000\n", ""), "limit"),
        (('"optimizer.rate"', '"optimizer.speed"'), "no setting 'optimizer.speed'"),
        (('"optimizer.rate"', '"optimiser.*"'), "no setting 'optimiser.*'"),
        (('id = "goal"', 'id = "goal"\nset = { "seed" = 1 }'), "only the person"),
        (('id = "goal"', 'id = "goal"\nrun = ["start"]'), "only the person"),
        (('id = "passed"', 'id = "passed"\nuntil = [{ selected = 1 }]'), "but the last have conditions"),
        (('{ setting = "loss.margin", at_least = 0.3 }', "{ running = true }"), "cannot tell"),
        (("at_least = 0.3", "near = nan"), "finite number"),
        (('{ setting = "loss.margin", at_least', '{ option = "a.b", near'), "near is for settings"),
    ],
)
def test_what_is_wrong_with_a_challenge_is_said(change, problem):
    assert change[0] in CHALLENGE
    with pytest.raises(GuideError) as caught:
        parse_guide(CHALLENGE.replace(*change, 1), PLACE)
    assert problem in str(caught.value)


WORDS = """+++
title = "间隔"
about = "空隙从哪里来。"
+++

## choose

空隙从哪里来？

## drag

拖动它。
"""


def test_a_translation_has_the_words_alone():
    guide = translated(parse_guide(GOOD, PLACE), WORDS, Path("zh_CN/1-gaps.md"))
    assert (guide.title, guide.language, guide.cards) == ("间隔", "zh_CN", ("arcface",))
    assert [step.text for step in guide.steps] == ["空隙从哪里来？", "拖动它。"]
    assert [step.table for step in guide.steps] == [step.table for step in parse_guide(GOOD, PLACE).steps]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('about = "空隙从哪里来。"', 'about = "空隙从哪里来。"\ncards = []'), "cards"),
        (("## drag", "## drop"), "no section 'drop'"),
        (('title = "间隔"', f'title = "{"长" * 61}"'), "1 to 60 letters"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(change, problem):
    with pytest.raises(GuideError, match=r"^zh_CN/1-gaps\.md, line \d+: ") as caught:
        translated(parse_guide(GOOD, PLACE), WORDS.replace(*change, 1), Path("zh_CN/1-gaps.md"))
    assert problem in str(caught.value)


def test_guides_are_in_the_order_of_their_numbers_and_in_english_where_a_translation_is_bad(tmp_path):
    for language in ("en", "zh_CN"):
        (tmp_path / language).mkdir()
    (tmp_path / "en" / "2-gaps.md").write_text(GOOD, "utf-8")
    (tmp_path / "en" / "1-bands.md").write_text(GOOD, "utf-8")
    (tmp_path / "en" / "3-bad.md").write_text("nothing", "utf-8")
    (tmp_path / "zh_CN" / "2-gaps.md").write_text(WORDS, "utf-8")
    (tmp_path / "zh_CN" / "1-bands.md").write_text("没有", "utf-8")
    guides, faults = read_guides(tmp_path, "zh_CN")
    assert [(guide.id, guide.language) for guide in guides.values()] == [("bands", "en"), ("gaps", "zh_CN")]
    assert [str(fault).partition(",")[0] for fault in faults] == ["zh_CN/1-bands.md", "en/3-bad.md"]


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path):
    path = tmp_path / "gaps.md"
    path.write_text(GOOD + "x" * 40_000, "utf-8")
    with pytest.raises(GuideError, match="at most 32768 bytes"):
        read_guide(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(GuideError, match="Cannot read the guide"):
        read_guide(path)
    with pytest.raises(GuideError, match="Cannot read the guide"):
        read_guide(tmp_path / "none.md")
