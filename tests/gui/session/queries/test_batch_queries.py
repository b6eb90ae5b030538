"""The last request for a batch is answered, and answers of other runs and requests are dropped."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.batches.test_moment import examined

from explorer.core.protocol import messages as m
from explorer.core.texts import text


@pytest.fixture
def answers(run):
    found = []
    run.batch_queries.examined.connect(found.append)
    return found


def answer(client, request, number=1):
    batch = examined(np.ones((2, 2)), np.ones((2, 2)), run=number, request=request)
    client.eventReceived.emit(batch)
    return batch


def test_a_request_is_answered_once(run, client, answers):
    run.batch_queries.ask()
    (question,) = client.of(m.ExamineBatch)
    assert question.indices is None
    batch = answer(client, question.request)
    answer(client, question.request)
    assert answers == [batch]


def test_only_the_last_request_of_this_run_counts(run, client, answers):
    run.batch_queries.ask()
    run.batch_queries.ask()
    first, second = (question.request for question in client.of(m.ExamineBatch))
    answer(client, first)
    answer(client, second, number=7)
    assert answers == []
    batch = answer(client, second)
    assert answers == [batch]


def test_a_cancelled_request_is_not_answered(run, client, answers):
    run.batch_queries.ask()
    run.batch_queries.cancel()
    answer(client, client.of(m.ExamineBatch)[0].request)
    assert answers == []


def test_a_refused_request_says_why_and_ends_no_run(run, client):
    complaints, problems = [], []
    run.batch_queries.refused.connect(complaints.append)
    run.problemOccurred.connect(problems.append)
    run.batch_queries.ask()
    client.eventReceived.emit(m.Failed(run=1, what=text("No such batch."), where="ExamineBatch"))
    assert complaints == ["No such batch."]
    assert problems == []
