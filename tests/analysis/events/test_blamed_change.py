"""What was changed last before a divergence is what is taken back first."""

from explorer.analysis.events.blamed_change import blamed_change
from explorer.core.protocol.messages import SettingChange
from explorer.core.settings.config import RunConfig

FIRST = RunConfig().replace({"loss.name": "arcface", "optimizer.rate": 0.1})


def changes(*steps_and_values):
    """Return changes, each on top of those before."""
    config, found = FIRST, []
    for seq, (step, values) in enumerate(steps_and_values, 2):
        config = config.replace(values)
        found.append(SettingChange(seq, step, config))
    return found


def test_the_last_change_is_blamed_and_taken_back():
    found = blamed_change(FIRST, changes((300, {"loss.margin": 0.3}), (400, {"loss.scale": 100.0})), 420)
    assert found.step == 400
    assert found.undone == {"loss.scale": FIRST.get("loss.scale")}
    assert "scale" in str(found.text).lower()


def test_a_drag_is_taken_back_to_where_it_began():
    drag = ((400 + step, {"optimizer.rate": 0.1 + step / 10}) for step in range(1, 30))
    found = blamed_change(FIRST, changes((390, {"loss.margin": 0.3}), *drag), 440)
    assert (found.step, found.undone) == (401, {"optimizer.rate": 0.1})


def test_another_loss_is_taken_back_with_its_parameters():
    found = blamed_change(FIRST, changes((400, {"loss.name": "center"})), 410)
    assert FIRST.replace({"loss.name": "center"}).replace(found.undone) == FIRST


def test_what_was_changed_long_before_is_not_blamed():
    assert blamed_change(FIRST, changes((400, {"loss.scale": 100.0})), 501) is None
    assert blamed_change(FIRST, [], 5) is None
