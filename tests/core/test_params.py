"""A setting that is read wrongly trains something else than the person asked for."""

import math

import pytest

from explorer.core.params import Param, ParamError, check_all

MARGIN = Param(name="margin", label="Margin", default=0.2, min=0.0, max=1.5, unit="rad")
STEPS = Param(name="steps", label="Steps", kind="int", default=10, min=1, max=100, unit="steps")
SWITCH = Param(name="bias", label="Bias", kind="bool", default=True)
CHOICE = Param(name="mining", label="Mining", kind="choice", default="all", choices=("all", "batch-hard"))


@pytest.mark.parametrize(
    ("param", "given", "stored"),
    [
        (MARGIN, 1, 1.0),
        (MARGIN, "0.25", 0.25),
        (MARGIN, " 2.5e-1 rad ", 0.25),
        (STEPS, 7.0, 7),
        (STEPS, "7 steps", 7),
        (SWITCH, "off", False),
        (SWITCH, True, True),
        (CHOICE, "batch-hard", "batch-hard"),
    ],
)
def test_values_are_read_as_a_person_writes_them(param, given, stored):
    value = param.check(given)
    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize(
    ("param", "given", "words"),
    [
        (MARGIN, "30 deg", ["radians", f"{math.radians(30):.4f}"]),
        (MARGIN, "30°", ["radians", "0.5236"]),
        (MARGIN, "0.2 m", ["rad", "'m'"]),
        (MARGIN, 1.6, ["above", "1.5 rad"]),
        (MARGIN, -0.1, ["below", "0 rad"]),
        (MARGIN, float("nan"), ["finite"]),
        (MARGIN, "inf", ["not a number"]),
        (MARGIN, "0.1.2", ["not a number"]),
        (MARGIN, "0,05", ["comma", "write 0.05."]),
        (MARGIN, "-0,3 rad", ["comma", "write -0.3 rad."]),
        (MARGIN, 10**400, ["finite"]),
        (STEPS, 10**400, ["finite"]),
        (MARGIN, True, ["not a number"]),
        (MARGIN, None, ["not a number"]),
        (STEPS, 1.5, ["whole number"]),
        (SWITCH, 1, ["switch"]),
        (CHOICE, "batch_hard", ["batch-hard", "Did you mean"]),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence_that_says_why(param, given, words):
    with pytest.raises(ParamError) as caught:
        param.check(given)
    message = str(caught.value)
    assert all(word in message for word in words)
    assert "\n" not in message
    assert param.name in message


def test_missing_values_take_their_defaults_and_unknown_names_are_refused():
    assert check_all((MARGIN, SWITCH), {"margin": 0.3}, "loss") == {"margin": 0.3, "bias": True}
    with pytest.raises(ParamError, match=r"margn.*Did you mean 'margin'"):
        check_all((MARGIN, SWITCH), {"margn": 0.3}, "loss")
