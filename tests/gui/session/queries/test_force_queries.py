"""One question at a time, the last wish of each view, and training keeps nine tenths of its time."""

from __future__ import annotations

import numpy as np
import pytest
from gui.session.fake_client import announce

from explorer.analysis.forces.force_frame import ForceWish
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.texts import text

ROWS = np.array([0, 3])


@pytest.fixture
def answers(run):
    found = []
    run.force_queries.answered.connect(lambda view, forces: found.append((view, forces)))
    return found


def questions(client):
    return client.of(m.ExamineForces)


def answer(client, question, *, run=1, step=3, seconds=0.0):
    values = Array.of(np.ones((2, 2), np.float32))
    client.eventReceived.emit(
        m.ForcesExamined(
            run=run, request=question.request, step=step, rows=question.rows,
            features=values, total=values, push=values, seconds=seconds,
        )
    )  # fmt: skip


def test_a_wish_is_answered_to_the_view_that_has_it(run, client, answers):
    run.force_queries.ask("features", ForceWish(ROWS, np.zeros((3, 2)), label=4, detached=True))
    (question,) = questions(client)
    assert (question.rows.numpy().tolist(), question.label, question.detached) == ([0, 3], 4, True)
    assert question.points.numpy().shape == (3, 2)
    answer(client, question)
    ((view, forces),) = answers
    assert (view, forces.step, forces.rows.tolist()) == ("features", 3, [0, 3])


def test_of_the_wishes_of_a_view_meanwhile_only_the_last_is_requested(run, client, answers):
    for label in range(4):
        run.force_queries.ask("features", ForceWish(ROWS, label=label))
    run.force_queries.ask("angles", ForceWish(ROWS))
    assert len(questions(client)) == 1
    answer(client, questions(client)[0])
    answer(client, questions(client)[1])
    answer(client, questions(client)[2])
    assert [question.label for question in questions(client)] == [0, 3, 0]
    assert [view for view, _forces in answers] == ["features", "features", "angles"]


def test_while_the_run_trains_it_is_left_nine_tenths_of_its_time(run, client, qtbot):
    run.start()
    run.force_queries.ask("features", ForceWish(ROWS))
    answer(client, questions(client)[0], seconds=0.02)
    run.force_queries.ask("features", ForceWish(ROWS))
    assert len(questions(client)) == 1
    qtbot.waitUntil(lambda: len(questions(client)) == 2)


def test_a_run_that_is_held_answers_at_once(run, client):
    run.start()
    run.force_queries.ask("features", ForceWish(ROWS))
    answer(client, questions(client)[0], seconds=10.0)
    run.pause()
    run.force_queries.ask("features", ForceWish(ROWS))
    assert len(questions(client)) == 2


def test_answers_of_an_earlier_run_are_dropped_and_it_is_asked_nothing_more(run, client, answers):
    run.force_queries.ask("features", ForceWish(ROWS))
    run.restart()
    run.force_queries.ask("features", ForceWish(ROWS))
    answer(client, questions(client)[0])
    assert answers == []
    assert len(questions(client)) == 1
    announce(client, number=2)
    run.force_queries.ask("features", ForceWish(ROWS))
    answer(client, questions(client)[1], run=2)
    assert len(answers) == 1


def test_a_refused_request_says_why_and_ends_no_run(run, client):
    complaints, problems = [], []
    run.force_queries.refused.connect(lambda view, why: complaints.append((view, why)))
    run.problemOccurred.connect(problems.append)
    run.force_queries.ask("features", ForceWish(ROWS))
    client.eventReceived.emit(m.Failed(run=1, what=text("No such class."), where="ExamineForces"))
    assert complaints == [("features", "No such class.")]
    assert problems == []


def test_a_run_that_trains_is_left_alone_for_a_while_after_it_has_refused(run, client):
    run.start()
    run.force_queries.ask("features", ForceWish(ROWS))
    client.eventReceived.emit(m.Failed(run=1, what=text("No such class."), where="ExamineForces"))
    run.force_queries.ask("features", ForceWish(ROWS))
    assert len(questions(client)) == 1
    run.pause()
    run.force_queries.ask("features", ForceWish(ROWS))
    assert len(questions(client)) == 2
