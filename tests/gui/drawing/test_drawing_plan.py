"""Watching must leave the processor to training: who is drawn, how often, and what it adds up to."""

import pytest

from explorer.gui.drawing.drawing_plan import (
    BROWSING_RATE,
    MAX_RATE,
    MIN_RATE,
    SECONDARY_RATES,
    DrawingPlan,
    allowance,
)

PRIMARY, SECONDARY = 0, 1
"""Numbers of the first two views of a plan."""


def plan(primary, *secondary, cores=2, threads=2, browsing=False):
    result = DrawingPlan()
    result.browsing = browsing
    for view in range(1 + len(secondary)):
        assert result.add(primary=view == PRIMARY) == view
    result.allowance = allowance(cores, threads, browsing=browsing)
    for _ in range(60):
        for view, cost in enumerate((primary, *secondary)):
            result.cost(view, cost)
    return result


def test_two_cores_that_train_give_a_few_hundredths_and_the_rest_is_theirs():
    assert 0.02 <= allowance(2, threads=2) / 2 <= 0.05
    assert allowance(1, threads=1) < allowance(2, threads=2) < allowance(2, threads=1)


def test_a_core_that_does_not_train_is_shared_with_the_frames_of_the_worker():
    assert 0.2 <= allowance(2, threads=1) <= 0.4, "the worker takes 0.3 of it"
    assert plan(0.006, 0.004, 0.004, threads=1).rate(PRIMARY) >= 30


@pytest.mark.parametrize(("cores", "threads"), [(8, 4), (2, 0), (1, 0), (64, 32)])
def test_with_many_cores_a_gpu_or_a_paused_run_motion_is_as_smooth_as_the_screen(cores, threads):
    assert plan(0.004, 0.003, 0.003, cores=cores, threads=threads).rate(PRIMARY) == MAX_RATE


@pytest.mark.parametrize("threads", [1, 2])
def test_two_cores_see_ten_drawings_a_second_at_the_costs_of_ten_thousand_points(threads):
    assert plan(0.004, 0.0026, 0.0027, threads=threads).rate(PRIMARY) >= 10


@pytest.mark.parametrize("costs", [(0.002, 0.001), (0.004, 0.0026, 0.0027), (0.008, 0.003)])
def test_all_drawings_together_keep_to_the_allowance(costs):
    drawing = plan(*costs)
    spent = sum(cost * drawing.rate(view) for view, cost in enumerate(costs))
    assert spent <= drawing.allowance * 1.001


def test_dear_drawings_become_rare_but_never_a_still():
    drawing = plan(0.2, 0.1, 0.1)
    assert drawing.rate(PRIMARY) == MIN_RATE
    assert drawing.rate(SECONDARY) == SECONDARY_RATES[0]


def test_secondary_views_come_a_few_times_a_second_however_cheap():
    assert plan(0.001, 0.0001, threads=0).rate(SECONDARY) == SECONDARY_RATES[1]


def test_a_first_drawing_that_takes_long_is_forgotten_soon():
    drawing = plan(0.004)
    usual = drawing.rate(PRIMARY)
    drawing.cost(PRIMARY, 0.3)
    assert drawing.rate(PRIMARY) < usual
    for _ in range(12):
        drawing.cost(PRIMARY, 0.004)
    assert drawing.rate(PRIMARY) > 0.8 * usual


def test_nothing_wanted_means_nothing_to_wait_for():
    drawing = plan(0.004, 0.003)
    assert drawing.next(0.0) is None
    drawing.want(PRIMARY)
    drawing.drawn(PRIMARY, 0.0)
    assert drawing.next(0.0) is None


def test_a_view_not_drawn_for_long_comes_at_once_and_then_waits_for_its_turn():
    drawing = plan(0.004, 0.003)
    drawing.want(PRIMARY)
    assert drawing.next(100.0) == (PRIMARY, 0.0)
    drawing.drawn(PRIMARY, 100.0)
    drawing.want(PRIMARY)
    view, wait = drawing.next(100.0)
    assert view == PRIMARY
    assert wait == pytest.approx(1 / drawing.rate(PRIMARY))
    assert drawing.next(100.0 + wait) == (PRIMARY, pytest.approx(0.0, abs=1e-9))


def test_the_primary_view_goes_first_and_the_others_are_not_starved():
    drawing = plan(0.004, 0.003, 0.003, threads=0)
    now, counts = 0.0, [0, 0, 0]
    while now < 10.0:
        for view in range(3):
            drawing.want(view)
        view, wait = drawing.next(now)
        now += wait
        drawing.drawn(view, now)
        counts[view] += 1
    assert counts[PRIMARY] == pytest.approx(10 * MAX_RATE, rel=0.02)
    assert counts[1] == pytest.approx(10 * SECONDARY_RATES[1], abs=2)
    assert counts[2] == pytest.approx(10 * SECONDARY_RATES[1], abs=2)
    for view in range(3):
        drawing.want(view)
    assert drawing.next(now + 5)[0] == PRIMARY


def two_runs(primary, secondary, **machine):
    result = plan(primary, secondary, **machine)
    others = result.add(primary=True), result.add(primary=False)
    for _ in range(60):
        for view, cost in zip(others, (primary, secondary), strict=True):
            result.cost(view, cost)
    return result, others


@pytest.mark.parametrize("costs", [(0.002, 0.001), (0.004, 0.0026)])
def test_two_runs_keep_to_one_allowance_and_share_it(costs):
    alone, (drawing, others) = plan(*costs), two_runs(*costs)
    views = (PRIMARY, SECONDARY, *others)
    spent = sum(cost * drawing.rate(view) for view, cost in zip(views, costs * 2, strict=True))
    assert spent <= drawing.allowance * 1.001
    assert drawing.rate(others[0]) == drawing.rate(PRIMARY) < alone.rate(PRIMARY)


def test_a_run_that_goes_leaves_its_share_to_the_other():
    alone, (drawing, others) = plan(0.004, 0.0026), two_runs(0.004, 0.0026)
    for view in others:
        drawing.want(view)
        drawing.remove(view)
    assert drawing.next(0.0) is None
    assert drawing.rate(PRIMARY) == alone.rate(PRIMARY)


def test_two_runs_take_turns_even_where_there_is_no_room_for_either():
    drawing, others = two_runs(0.4, 0.001)
    now, counts = 0.0, dict.fromkeys((PRIMARY, others[0]), 0)
    for _ in range(40):
        for view in counts:
            drawing.want(view)
        view, wait = drawing.next(now)
        now += wait
        drawing.drawn(view, now)
        counts[view] += 1
        now += 0.4
    assert abs(counts[PRIMARY] - counts[others[0]]) <= 1


@pytest.mark.parametrize("primary", [0.008, 0.012])
def test_all_views_in_sight_follow_fluently_while_the_person_looks_back(primary):
    """Costs are those of features in the plane and in space, Angles, Curves and the read-outs."""
    drawing = plan(primary, 0.008, 0.004, 0.0015, threads=0, browsing=True)
    assert drawing.rate(PRIMARY) >= 0.99 * BROWSING_RATE
    assert 15 <= drawing.rate(SECONDARY) <= BROWSING_RATE


@pytest.mark.parametrize(("threads", "primary", "secondary"), [(1, 29, 10), (2, 20, 5)])
def test_looking_back_while_a_run_trains_leaves_most_of_the_machine_to_it(threads, primary, secondary):
    costs = 0.009, 0.008, 0.004, 0.0015
    drawing = plan(*costs, threads=threads, browsing=True)
    assert drawing.rate(PRIMARY) >= primary
    assert drawing.rate(SECONDARY) >= secondary
    assert sum(cost * drawing.rate(view) for view, cost in enumerate(costs)) <= 0.601
    assert allowance(2, threads) < allowance(2, threads, browsing=True) < allowance(2, 0, browsing=True) < 1


def test_where_time_is_short_every_view_is_drawn_in_proportion():
    """Drawings take three times as long as they cost, as on a machine that others use, and all are wanted."""
    costs = 0.008, 0.007, 0.004
    drawing = plan(*costs, threads=0, browsing=True)
    now, counts = 0.0, [0, 0, 0]
    while now < 10.0:
        for view in range(3):
            drawing.want(view)
        view, wait = drawing.next(now)
        now += wait
        drawing.drawn(view, now)
        counts[view] += 1
        now += 3 * costs[view]
    assert min(counts[1:]) >= 50
    assert counts[PRIMARY] > max(counts[1:])
