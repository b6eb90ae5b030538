"""The list of runs tells the truth about every file of the folder, and nothing that is in use is deleted."""

import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from core.recording.small_run import FRAMES, STARTED
from gui.library.runs import begin_run, make_run
from msgspec.structs import replace

from explorer.core.recording.header import Parent, new_header
from explorer.core.recording.locks import use_of
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.library import library as listing
from explorer.gui.library.files import (
    RunNotes,
    make_room,
    notes_path,
    picture_path,
    read_notes,
    run_title,
    stored_runs,
    write_notes,
)
from explorer.gui.library.library import Library, RunItem
from explorer.gui.library.summary import RunSummary
from explorer.gui.library.wording import (
    ORDERS,
    arranged,
    facts_text,
    result_text,
    run_names,
    settings_text,
    title_of,
)
from explorer.gui.session.run_recording import new_path


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def names(items):
    return [item.path.stem for item in items]


def test_a_folder_that_does_not_exist_has_no_runs(tmp_path):
    assert Library(tmp_path / "nowhere").list_runs().items == ()


def test_a_run_is_listed_with_what_a_person_looks_for(folder):
    path = folder / "a.lossrun"
    header = make_run(path, loss__name="arcface", loss__margin=0.3, seed=4)
    (item,) = Library(folder).list_runs().items
    assert item.summary == RunSummary(
        run=header.run,
        created=header.created,
        losses=("arcface",),
        changes={"loss.margin": 0.3, "seed": 4},
        dim=2,
        steps=30,
        frames=4,
        accuracy=0.5,
    )
    assert title_of(item) == "ArcFace"
    assert settings_text(item) == "2-D · Margin 0.3 rad · Seed 4"
    assert result_text(item).startswith("50.0% · 30 steps · ")
    assert picture_path(path).exists()


def test_a_loss_that_was_changed_on_the_way_is_told(folder):
    first, second = RunConfig(), RunConfig().replace({"loss.name": "arcface"})
    with RecordingWriter(folder / "a.lossrun", new_header(first)) as writer:
        writer.configured(1, first)
        for item in (STARTED, *FRAMES[:2]):
            writer.write(item)
        writer.configured(2, second)
        for item in FRAMES[2:]:
            writer.write(item)
    (item,) = Library(folder).list_runs().items
    assert title_of(item) == "Softmax → ArcFace"


def test_a_run_that_a_crash_has_cut_off_is_there_up_to_its_last_frame(folder):
    make_run(folder / "whole.lossrun")
    data = (folder / "whole.lossrun").read_bytes()
    with Recording(folder / "whole.lossrun") as whole:
        place = data.rindex(b"weight", 0, len(data) * 3 // 4)
        assert whole.frames == 4
    (folder / "cut.lossrun").write_bytes(data[:place])
    items = {item.path.stem: item for item in Library(folder).list_runs().items}
    cut = items["cut"].summary
    assert 0 < cut.frames < 4
    assert cut.steps == 10 * (cut.frames - 1)
    assert "this file" in facts_text(items["cut"], {}).casefold()
    assert str(folder) not in facts_text(items["cut"], {})


def test_a_file_that_cannot_be_read_is_listed_with_one_sentence(folder):
    (folder / "bad.lossrun").write_bytes(b"nothing of the kind")
    (item,) = Library(folder).list_runs().items
    assert title_of(item) == "bad"
    assert settings_text(item) == "This file is not a recording of Loss Explorer."


def test_a_run_that_is_being_recorded_says_so_and_is_read_once_it_is_closed(folder):
    writer = begin_run(folder / "a.lossrun")
    library = Library(folder)
    wait_for(lambda: (folder / "a.lossrun").stat().st_size > 1000)
    (item,) = library.list_runs().items
    assert item.recording
    assert "Recording now" in result_text(item)
    writer.close()
    (item,) = library.list_runs().items
    assert not item.recording
    assert item.summary.frames == 1


def wait_for(condition):
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_branch_names_the_run_that_it_was_continued_from(folder):
    header = make_run(folder / "a.lossrun", name="Trunk", seconds=1)
    make_run(folder / "b.lossrun", parent=Parent(header.run, 1200), seconds=2)
    make_run(folder / "c.lossrun", parent=Parent("gone", 5), seconds=3)
    items = Library(folder).list_runs(seconds=60).items
    runs = run_names(items)
    facts = [facts_text(item, runs).splitlines()[0] for item in items[:2]]
    assert facts == [
        "Continued from step 5 of a run that is not in this list.",
        "Continued from step 1,200 of Trunk.",
    ]


def test_a_file_is_read_once_and_again_only_when_it_has_changed(folder, monkeypatch):
    for name in "abc":
        make_run(folder / f"{name}.lossrun", seconds=1)
    reads = []
    original = listing.read_run
    monkeypatch.setattr(listing, "read_run", lambda path: reads.append(path.stem) or original(path))
    before = Library(folder).list_runs(60)
    assert sorted(reads) == ["a", "b", "c"]
    assert Library(folder).list_runs(60) == before, "another window takes it from the index"
    assert len(reads) == 3
    make_run(folder / "d.lossrun", seconds=5)
    shutil.copy(folder / "d.lossrun", folder / "a.lossrun")
    Library(folder).list_runs(60)
    assert sorted(reads[3:]) == ["a", "d"]


def test_a_damaged_index_costs_time_and_nothing_else(folder):
    make_run(folder / "a.lossrun")
    before = Library(folder).list_runs()
    (folder / ".index.msgpack").write_bytes(b"\x00nonsense")
    assert Library(folder).list_runs() == before


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_name_that_is_no_text_hides_no_run(folder):
    make_run(folder / "a.lossrun")
    shutil.copy(folder / "a.lossrun", os.fsencode(folder) + b"/\xff.lossrun")
    assert len(Library(folder).list_runs().items) == 2


def test_a_folder_that_cannot_be_written_is_listed_all_the_same(folder, monkeypatch):
    make_run(folder / "a.lossrun")

    def refuse(*_):
        raise OSError

    monkeypatch.setattr(listing, "write_whole", refuse)
    monkeypatch.setattr(listing, "picture_path", lambda _: folder / "a.lossrun" / "no folder")
    (item,) = Library(folder).list_runs().items
    assert item.summary is not None


def test_many_runs_come_piece_by_piece_and_from_the_index_in_a_millisecond_each(folder):
    make_run(folder / "run-0.lossrun")
    for number in range(1, 300):
        shutil.copy(folder / "run-0.lossrun", folder / f"run-{number}.lossrun")
    library = Library(folder)
    first = library.list_runs(0.02)
    assert len(first.items) == 300
    assert 0 < first.unread < 300
    while library.list_runs(5).unread:
        pass
    times = []
    for _ in range(3):
        begun = time.process_time()
        again = Library(folder).list_runs()
        times.append(time.process_time() - begun)
        assert again.unread == 0
        assert all(item.summary is not None for item in again.items)
    assert min(times) < 0.3


def test_notes_outlive_the_window_and_stand_before_what_the_recording_says(folder):
    path = folder / "a.lossrun"
    make_run(path, name="As recorded")
    assert Library(folder).list_runs().items[0].notes == RunNotes(name="As recorded")
    notes = RunNotes("Mine", "two\nlines", ("lecture", "best"), pinned=True)
    write_notes(path, notes)
    assert Library(folder).list_runs().items[0].notes == notes
    notes_path(path).write_text("damaged =")
    assert read_notes(path) is None


def test_the_oldest_runs_beyond_the_limit_are_deleted_with_what_belongs_to_them(folder):
    for second, name in enumerate("abcd", 1):
        make_run(folder / f"{name}.lossrun", seconds=second)
        write_notes(folder / f"{name}.lossrun", RunNotes(name=name))
    Library(folder).list_runs(60)
    size = stored_runs(folder)[0].size
    assert make_room(folder, 10 * size) == []
    assert [path.stem for path in make_room(folder, 2.5 * size)] == ["a", "b"]
    assert names(stored_runs(folder)) == ["d", "c"]
    left = {path.stem for path in folder.rglob("*") if path.suffix in (".toml", ".png")}
    assert left == {"c", "d"}


def test_what_is_pinned_open_or_being_recorded_is_never_deleted_to_make_room(folder):
    make_run(folder / "pinned.lossrun", seconds=1)
    write_notes(folder / "pinned.lossrun", RunNotes(pinned=True))
    make_run(folder / "open.lossrun", seconds=2)
    make_run(folder / "free.lossrun", seconds=3)
    writer = begin_run(folder / "recorded.lossrun")
    with Recording(folder / "open.lossrun"):
        assert use_of(folder / "open.lossrun") == "open"
        assert names_of(make_room(folder, 0)) == ["free"]
        assert sorted(names(stored_runs(folder))) == ["open", "pinned", "recorded"]
    writer.close()
    assert sorted(names_of(make_room(folder, 0))) == ["open", "recorded"]


def names_of(paths):
    return [path.stem for path in paths]


def item(
    stem,
    *,
    created="2026-01-01T10:00:00+00:00",
    accuracy=0.5,
    size=1,
    loss="softmax",
    parent=None,
    **notes,
):
    origin = Parent(parent, 5) if parent else None
    summary = RunSummary(
        stem, created, (loss,), {"seed": 3}, 2, steps=10, frames=2, accuracy=accuracy, parent=origin
    )
    return RunItem(Path(f"/runs/{stem}.lossrun"), size, 0, summary, None, RunNotes(**notes))


def test_runs_are_sorted_and_pinned_ones_come_first():
    runs = [
        item("a", created="2026-01-03T10:00:00+00:00", accuracy=0.9, size=5, name="Zebra"),
        item("b", created="2026-01-01T10:00:00+00:00", accuracy=None, size=9, loss="arcface"),
        item("c", created="2026-01-02T10:00:00+00:00", accuracy=0.95, size=1),
    ]
    expected = {
        "newest": "acb",
        "oldest": "bca",
        "accuracy": "cab",
        "loss": "bac",
        "name": "bca",
        "size": "bac",
    }
    assert {order: "".join(stems(runs, order)) for order in ORDERS} == expected
    pinned = [*runs, item("p", created="2025-01-01T10:00:00+00:00", pinned=True)]
    assert stems(pinned, "newest")[0] == "p"


def stems(runs, order, search=""):
    return names(row.item for row in arranged(runs, order, search))


FAMILY = [
    item("a", created="2026-01-01T10:00:00+00:00", accuracy=0.5, loss="softmax"),
    item("b", created="2026-01-02T10:00:00+00:00", accuracy=0.9, loss="arcface", parent="a"),
    item("c", created="2026-01-03T10:00:00+00:00", accuracy=0.8, loss="cosface", parent="a"),
    item("d", created="2026-01-05T10:00:00+00:00", accuracy=0.4, loss="triplet", parent="b"),
    item("e", created="2026-01-04T10:00:00+00:00", accuracy=0.7, loss="focal"),
    item("f", created="2026-01-01T09:00:00+00:00", accuracy=0.6, loss="focal", parent="gone"),
]


@pytest.mark.parametrize(
    ("order", "tree"),
    [
        ("newest", "a b- d-- c- e f"),  # the newest of all is in the tree of a
        ("oldest", "f a b- d-- c- e"),
        ("accuracy", "a b- d-- c- e f"),
    ],
)
def test_a_run_stands_below_the_one_that_it_continues_in_every_order(order, tree):
    for runs in (FAMILY, FAMILY[::-1]):
        assert " ".join(row.item.path.stem + "-" * row.depth for row in arranged(runs, order, "")) == tree


def test_lines_lead_past_a_branch_to_the_next_one_of_the_same_run():
    lines = {row.item.path.stem: row.lines for row in arranged(FAMILY, "newest", "")}
    assert lines == {"a": (), "b": (True,), "d": (True, False), "c": (False,), "e": (), "f": ()}


def test_a_tree_with_a_pinned_run_comes_first_and_in_it_the_pinned_branch():
    pinned = replace(FAMILY[2], notes=RunNotes(pinned=True))
    runs = [*FAMILY[:2], pinned, *FAMILY[3:]]
    assert stems(runs, "oldest") == list("acbdfe")


def test_a_branch_that_is_found_without_its_parent_stands_alone():
    assert [(row.item.path.stem, row.depth) for row in arranged(FAMILY, "newest", "triplet")] == [("d", 0)]
    assert "steps 5 to 10" in result_text(FAMILY[3])


def test_runs_that_name_each_other_as_parents_are_all_listed():
    runs = [item("a", parent="b"), item("b", parent="c"), item("c", parent="a"), item("d", parent="d")]
    assert sorted(stems(runs, "name")) == list("abcd")
    assert {row.depth for row in arranged(runs, "name", "")} == {0, 1, 2}


def test_a_long_line_of_branches_is_listed_in_order():
    runs = [item(f"{number:04}", parent=f"{number - 1:04}" if number else None) for number in range(400)]
    rows = arranged(runs[::-1], "newest", "")
    assert [row.depth for row in rows] == list(range(400))


@pytest.mark.parametrize(
    ("search", "found"),
    [("", "ab"), ("arcface", "b"), ("LECTURE", "a"), ("seed 3", "ab"), ("why", "b"), ("arcface lecture", "")],
)
def test_a_search_looks_at_everything_that_is_known_of_a_run(search, found):
    runs = [item("a", tags=("lecture",)), item("b", loss="arcface", notes="Why it fails")]
    assert "".join(stems(runs, "name", search)) in (found, found[::-1])


def test_a_run_of_a_loss_that_is_not_installed_is_listed_by_its_name():
    run = item("a", loss="my-loss")
    assert title_of(run) == "my-loss"
    damaged = RunItem(run.path, 1, 0, fault=text("{file}: damaged.", file=run.path))
    assert settings_text(damaged) == "This file: damaged."


def test_a_run_is_called_by_its_name_or_that_of_its_file_or_when_it_began(folder):
    automatic = new_path(folder, RunConfig())
    header = make_run(automatic)
    began = f"{automatic.name[:10]} {automatic.name[11:13]}:{automatic.name[13:15]}"
    assert run_title(automatic, header) == f"run of {began}"
    assert run_title(folder / "mine.lossrun", header) == "mine.lossrun"
    assert run_title(automatic, replace(header, name="Wide gaps")) == "Wide gaps"
    write_notes(automatic, RunNotes(name="Wider gaps"))
    assert run_title(automatic, header) == "Wider gaps"
