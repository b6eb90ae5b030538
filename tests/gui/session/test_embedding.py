"""One question at a time, the last image always asked about, and nothing stale shown."""

import numpy as np
import pytest
from gui.session.fake_client import announce, frame

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.texts import text


def image(value):
    return np.full((12, 12), value, dtype=np.uint8)


def answer(client, request, *, run=1, step=3, at=(1.0, 2.0)):
    point = Array.of(np.array([at], dtype=np.float32))
    client.eventReceived.emit(m.Embedded(run=run, request=request, step=step, features=point))


def asked(client):
    return client.of(m.Embed)


@pytest.fixture
def seq(run, client):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 3))
    assert run.snapshot is not None
    return seq


@pytest.mark.usefixtures("seq")
def test_an_answer_is_a_digit_beside_the_frame_that_is_shown(run, client, qtbot):
    run.embed_queries.set_image(image(7))
    (question,) = asked(client)
    assert question.images.shape == (1, 12, 12)
    assert (question.images.numpy() == 7).all()
    with qtbot.waitSignal(run.embed_queries.digitChanged):
        answer(client, question.request, step=4)
    digit = run.embed_queries.digit
    assert digit.point.tolist() == [[1.0, 2.0]]
    assert digit.step == 4
    assert digit.snapshot is run.snapshot


@pytest.mark.usefixtures("seq")
def test_while_drawing_one_question_is_out_and_the_last_image_arrives(run, client, qtbot):
    for value in range(100):
        run.embed_queries.set_image(image(value))
    assert len(asked(client)) == 1
    answer(client, asked(client)[0].request)
    qtbot.waitUntil(lambda: len(asked(client)) == 2)
    assert (asked(client)[1].images.numpy() == 99).all()
    answer(client, asked(client)[1].request)
    qtbot.wait(80)
    assert len(asked(client)) == 2


def test_a_slow_worker_is_not_asked_again_before_it_has_answered(run, client, seq, qtbot):
    run.embed_queries.set_image(image(1))
    for step in range(4, 8):
        client.eventReceived.emit(frame(seq, step))
        qtbot.wait(20)
    assert len(asked(client)) == 1


def test_each_frame_asks_where_the_image_is_now(run, client, seq, qtbot):
    run.embed_queries.set_image(image(1))
    answer(client, asked(client)[0].request)
    client.eventReceived.emit(frame(seq, 9))
    qtbot.waitUntil(lambda: len(asked(client)) == 2)
    answer(client, asked(client)[1].request, step=9)
    assert run.embed_queries.digit.snapshot.step == run.embed_queries.digit.step == 9


def test_before_there_is_a_frame_nothing_is_asked(run, client, qtbot):
    run.embed_queries.set_image(image(1))
    announce(client)
    qtbot.wait(60)
    assert not asked(client)


def test_the_answer_of_another_run_is_dropped(run, client, seq, qtbot):
    run.embed_queries.set_image(image(1))
    question = asked(client)[0]
    run.restart()
    seq = announce(client, number=2)
    client.eventReceived.emit(frame(seq, 0, number=2))
    answer(client, question.request, run=1)
    assert run.embed_queries.digit is None
    run.embed_queries.set_image(image(2))
    qtbot.waitUntil(lambda: len(asked(client)) == 2)
    answer(client, asked(client)[1].request, run=2, step=0)
    assert run.embed_queries.digit.step == 0


def test_a_cleared_pad_lets_go_of_the_digit_and_of_the_answer_under_way(run, client, seq, qtbot):
    run.embed_queries.set_image(image(1))
    answer(client, asked(client)[0].request)
    run.embed_queries.set_image(image(2))
    qtbot.waitUntil(lambda: len(asked(client)) == 2)
    run.embed_queries.set_image(None)
    assert run.embed_queries.digit is None
    answer(client, asked(client)[1].request)
    assert run.embed_queries.digit is None
    client.eventReceived.emit(frame(seq, 5))
    assert len(asked(client)) == 2


@pytest.mark.usefixtures("seq")
def test_a_refusal_is_said_and_the_next_image_is_asked_about(run, client, qtbot):
    problems = []
    run.problemOccurred.connect(problems.append)
    run.embed_queries.set_image(image(1))
    with qtbot.waitSignal(run.embed_queries.digitChanged):
        client.eventReceived.emit(m.Failed(run=1, what=text("They must be 28×28."), where="Embed"))
    assert run.embed_queries.complaint == "They must be 28×28."
    assert not problems
    run.embed_queries.set_image(image(2))
    qtbot.waitUntil(lambda: len(asked(client)) == 2)
    answer(client, asked(client)[1].request)
    assert run.embed_queries.complaint == ""
    assert run.embed_queries.digit is not None


@pytest.mark.usefixtures("seq")
def test_a_dead_worker_takes_the_digit_with_it(run, client):
    run.embed_queries.set_image(image(1))
    answer(client, asked(client)[0].request)
    client.died.emit(text("The worker was killed."), "")
    assert run.embed_queries.digit is None
