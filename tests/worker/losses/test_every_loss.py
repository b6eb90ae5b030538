"""What every loss must stand: a run must not turn to NaN, wait for the device or lose its state."""

import copy
import inspect
import math

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import Loss, build
from explorer.worker.losses.base import class_weights
from explorer.worker.losses.registry import BUILDERS

CLASSES = 5
CURVES = [name for name, spec in LOSSES.items() if spec.curve]
ANGULAR = [name for name, spec in LOSSES.items() if spec.head in ("angular", "unit-linear", "one-vs-all")]


def variants():
    """Return every loss with its defaults, and with each other choice and switch."""
    for name, spec in LOSSES.items():
        yield name, {}
        for param in spec.params:
            others = (
                param.choices if param.kind == "choice" else (not param.default,) * (param.kind == "bool")
            )
            if param.effect == "live":
                yield from ((name, {param.name: value}) for value in others if value != param.default)


VARIANTS = [
    pytest.param(name, params, id="-".join([name, *map(str, params.values())])) for name, params in variants()
]


def fresh(name, dim=2, seed=0, classes=CLASSES):
    torch.manual_seed(seed)
    return build(name, classes, dim)


def batch(seed=0, count=12, dim=2):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, dim, generator=generator), torch.arange(count) % CLASSES


def other_values(name):
    """Return a value that is not the default for each live parameter of numbers."""
    values = {}
    for param in LOSSES[name].params:
        if param.effect == "live" and param.kind in ("float", "int"):
            values[param.name] = param.default * 1.25 + 0.1 if param.kind == "float" else param.default + 1
            if param.max is not None and values[param.name] > param.max:
                values[param.name] = param.default * 0.75
    return values


@pytest.mark.parametrize("name", ANGULAR)
def test_no_class_begins_upon_another_of_a_circle(name):
    """Classes that begin so cannot pass each other, and end as one."""
    x, y = fresh(name, classes=10).weight.detach().view(10, -1, 2).mean(dim=1).T
    angles = torch.rad2deg(torch.atan2(y, x)).sort().values
    gaps = torch.cat([angles.diff(), 360 + angles[:1] - angles[-1:]])
    assert gaps.min() > 20


def test_in_space_class_weights_are_drawn_once_from_the_seed():
    """So that a run begins as in all versions before; these two draw noise of their own after it."""
    torch.manual_seed(0)
    expected, after = class_weights(CLASSES, 3), torch.get_rng_state()
    for name in BUILDERS.keys() - {"elasticface", "subcenter-arcface"}:
        loss = fresh(name, dim=3)
        if hasattr(loss, "weight"):
            assert torch.equal(loss.weight, expected), name
            assert torch.equal(torch.get_rng_state(), after), name


def assert_finite(loss, features, labels, params):
    loss.zero_grad()
    features = features.clone().requires_grad_()
    value = loss(features, labels, **params)
    assert value.shape == ()
    assert value.dtype == torch.promote_types(features.dtype, torch.float32)
    assert torch.isfinite(value)
    if value.requires_grad:
        value.backward()
    for tensor in (features, *loss.parameters()):
        assert tensor.grad is None or torch.isfinite(tensor.grad).all()
    for buffer in loss.buffers():
        assert torch.isfinite(buffer).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_aligned_opposite_and_zero_features(name, params, dtype):
    """In two dimensions nearly half of all batches contain a feature whose float32 cosine is 1."""
    scale = {"scale": 64.0} if LOSSES[name].param("scale") else {}
    for dim in (2, 3):
        for seed in range(3):
            loss = fresh(name, dim, seed)
            own = getattr(loss, "weight", torch.randn(CLASSES, dim)).detach()
            own = own / own.norm(dim=1, keepdim=True)
            classes = torch.arange(len(own)) // (len(own) // CLASSES)
            features = torch.cat([3 * own, own, -3 * own, 0 * own, 1e-20 * own, 100 * own]).to(dtype)
            labels = classes.repeat(6)
            for training in (True, False):
                loss.train(training)
                assert_finite(loss, features, labels, {**params, **scale})
                assert_finite(loss, features[: len(own)], classes, {**params, **scale})
                assert_finite(loss, 0 * features, labels, {**params, **scale})


@pytest.mark.parametrize(("name", "params"), VARIANTS)
@pytest.mark.parametrize("labels", [[2] * 6, [0, 1, 3, 4, 0, 1], [1, 3], [3, 3], [4]], ids=str)
def test_small_and_lopsided_batches(name, params, labels):
    loss = fresh(name)
    for seed in range(2):
        features, _ = batch(seed, len(labels))
        assert_finite(loss, features, torch.tensor(labels), params)


@pytest.mark.parametrize("name", LOSSES)
def test_two_classes(name):
    loss = fresh(name, classes=2)
    features, labels = batch()
    for _ in range(3):
        assert_finite(loss, features, labels % 2, {})


@pytest.mark.parametrize("name", LOSSES)
def test_a_slider_and_a_device_scalar_give_the_same_bits(name):
    values = other_values(name)
    tensors = {key: torch.tensor(float(value)) for key, value in values.items()}
    loss = fresh(name)
    twin = copy.deepcopy(loss)
    features, labels = batch()
    for _ in range(2):
        a, b = features.clone().requires_grad_(), features.clone().requires_grad_()
        first, second = loss(a, labels, **values), twin(b, labels, **tensors)
        assert torch.equal(first, second)
        for one, other in zip(
            *(torch.autograd.grad(v, x) for v, x in ((first, a), (second, b))), strict=True
        ):
            assert torch.equal(one, other)


@pytest.mark.parametrize("name", LOSSES)
def test_a_changed_value_is_as_good_as_a_fresh_loss(name):
    """A margin kept from an earlier call would train with another value than the screen shows."""
    loss, twin = fresh(name, seed=1), fresh(name, seed=2)
    loss.eval(), twin.eval()
    features, labels = batch()
    loss(features, labels)
    loss(features, labels, **other_values(name))
    twin.load_state_dict(loss.state_dict())
    defaults = loss.live_defaults
    assert torch.equal(loss(features, labels), twin(features, labels, **defaults))
    assert torch.equal(
        loss(features, labels, **other_values(name)),
        twin(features, labels, **{**defaults, **other_values(name)}),
    )


@pytest.mark.parametrize("name", LOSSES)
def test_an_unknown_parameter_is_named_in_a_sentence(name):
    with pytest.raises(TypeError, match=rf"^{name} has no live parameter 'no_such'; it has: .+\.$"):
        fresh(name)(*batch(), no_such=1.0)


@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_a_saved_run_goes_on_as_if_it_had_not_stopped(name, params):
    loss = fresh(name)
    for seed in range(3):
        loss(*batch(seed), **params)
    loss.end_epoch(**params)
    loss(*batch(3), **params)
    resumed = fresh(name, seed=99)
    resumed.load_state_dict({key: value.clone() for key, value in loss.state_dict().items()})
    for seed in range(4, 7):
        assert torch.equal(loss(*batch(seed), **params), resumed(*batch(seed), **params))
    loss.end_epoch(**params)
    resumed.end_epoch(**params)
    assert torch.equal(loss(*batch(7), **params), resumed(*batch(7), **params))


@pytest.mark.parametrize("name", LOSSES)
def test_the_seed_decides_everything(name):
    values = []
    for _ in range(2):
        loss = fresh(name, seed=5)
        values.append([loss(*batch(seed)).item() for seed in range(3)])
    assert values[0] == values[1]


@pytest.mark.parametrize("name", LOSSES)
def test_state_is_made_of_tensors(name):
    """Runs are saved as safetensors, which holds nothing else."""
    assert all(isinstance(value, torch.Tensor) for value in fresh(name).state_dict().values())


def test_catalogue_and_registry_name_the_same_losses():
    assert set(BUILDERS) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_catalogue_and_code_name_the_same_parameters(name):
    spec, loss = LOSSES[name], fresh(name)
    computed = type(loss).terms if type(loss).logits is Loss.logits else type(loss).logits
    signature = inspect.signature(computed).parameters.values()
    live = {parameter.name for parameter in signature if parameter.kind is parameter.KEYWORD_ONLY}
    assert live == {param.name for param in spec.params if param.effect == "live"}
    restart = set(inspect.signature(type(loss).__init__).parameters) - {
        "self",
        "num_classes",
        "embedding_dim",
    }
    assert restart == {param.name for param in spec.params if param.effect == "restart"}


@pytest.mark.parametrize(("name", "params"), VARIANTS)
def test_a_capturable_step_never_waits_for_a_value(name, params):
    """In a CUDA graph there is nobody to ask: a fake tensor refuses what depends on the data."""
    if not BUILDERS[name].capturable:
        pytest.skip("says that it is not capturable")
    with FakeTensorMode():
        loss = build(name, CLASSES, 2)
        features = torch.empty(12, 2, requires_grad=True)
        values = {
            param.name: torch.empty(())
            for param in LOSSES[name].params
            if param.effect == "live" and param.kind in ("float", "int")
        }
        loss(features, torch.empty(12, dtype=torch.long), **{**values, **params}).backward()
        assert features.grad.shape == (12, 2)


@pytest.mark.parametrize("name", LOSSES)
def test_autocast_does_not_reach_the_loss(name):
    loss = fresh(name).eval()
    features, labels = batch()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        reduced = loss(features, labels)
    assert torch.equal(reduced, loss(features, labels))


@pytest.mark.parametrize("name", LOSSES)
def test_scores_are_one_for_each_class(name):
    loss = fresh(name)
    features, labels = batch()
    if LOSSES[name].head == "nearest-mean":
        pytest.skip("has no class weights: the nearest class mean decides")
    scores = loss.scores(features, **loss.live_defaults)
    assert scores.shape == (len(labels), CLASSES)
    assert torch.isfinite(scores).all()


@pytest.mark.parametrize("name", LOSSES)
def test_the_schedule_changes_annealing_only(name):
    loss = fresh(name)
    values = loss.live_defaults
    for step in (0, 10, 100_000):
        scheduled = loss.schedule(step, values)
        annealing = scheduled.pop("annealing", None)
        assert scheduled == {key: value for key, value in values.items() if key != "annealing"}
        if annealing is not None:
            assert annealing == (
                values["annealing"] if step == 100_000 else loss.schedule(step, {})["annealing"]
            )
            assert annealing >= values["annealing"]
    if "annealing" in values:
        assert loss.schedule(0, values)["annealing"] == 1000.0
        assert loss.schedule(100_000, {**values, "annealing": 7.5})["annealing"] == 7.5


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_a_function_of_the_angle_alone(name):
    restart = {"subcenters": 1} if name == "subcenter-arcface" else {}
    torch.manual_seed(0)
    loss = build(name, CLASSES, 2, **restart).eval()
    turns = torch.linspace(0.0, math.pi, 25)
    samples = []
    for label, sign in ((0, 1), (0, -1), (3, 1)):
        direction = torch.atan2(loss.weight[label, 1], loss.weight[label, 0]).detach() + sign * turns
        features = 2 * torch.stack([direction.cos(), direction.sin()], dim=1)
        labels = torch.full((len(turns),), label)
        logits = loss.logits(features, labels, **loss.live_defaults)
        samples.append(logits[:, label].detach())
    torch.testing.assert_close(samples[0], samples[1], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(samples[0], samples[2], rtol=1e-4, atol=1e-4)
    assert samples[0][0] > samples[0][12] > samples[0][-2]
