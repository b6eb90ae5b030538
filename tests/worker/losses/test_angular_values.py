"""Values and gradients against NumPy, written from the papers' formulas with explicit angles.

The reference takes arrays with any leading dimensions, complex ones too: a gradient is the imaginary part of
its value at x + 1e-30i (complex-step differentiation), exact to rounding. What the papers treat as constant
takes part with its real part only.
"""

import copy
import math

import numpy as np
import pytest
import torch

from explorer.worker.losses import build


def length(v):
    return np.sqrt((v * v).sum(-1))


def cosines(x, w):
    return np.einsum("...nd,...cd->...nc", x / length(x)[..., None], w / length(w)[..., None])


def own_classes(labels, count):
    return np.arange(count) == labels[:, None]


def cross_entropy(z, own):
    top = z.real.max(-1, keepdims=True)
    log_sum = top[..., 0] + np.log(np.exp(z - top).sum(-1))
    return (log_sum - np.where(own, z, 0).sum(-1)).mean(-1)


def past(angle, limit):
    return angle.real > limit


def arc(angle, m, beyond_pi="fallback"):
    added = np.cos(angle + m)
    if beyond_pi == "easy":
        return np.where(past(angle, math.pi / 2), np.cos(angle), added)
    replacement = {"fallback": np.cos(angle) - m * np.sin(m), "none": added, "clip": -1 + 0 * added}
    return np.where(past(angle, math.pi - m), replacement[beyond_pi], added)


def psi(angle, m):
    k = np.floor(m * angle.real / math.pi)
    return (-1.0) ** k * np.cos(m * angle) - 2 * k


def softmax_type(target, scale=lambda _x, _w, p: p["scale"]):
    """Return the reference of CE(scale·cos), the own class' cosine replaced by ``target(θ, x, p)``."""

    def reference(x, w, own, p):
        c = cosines(x, w)
        return cross_entropy(scale(x, w, p) * np.where(own, target(np.arccos(c), x, p), c), own)

    return reference


def feature_length(x, _w, _p):
    return length(x)[..., :, None]


def both_lengths(x, w, _p):
    return length(x)[..., :, None] * length(w)[..., None, :]


def annealed(angle, _x, p):
    return (p["annealing"] * np.cos(angle) + psi(angle, p["margin"])) / (1 + p["annealing"])


def l2_softmax(x, w, own, p):
    return cross_entropy(
        p["alpha"] * np.einsum("...nd,...cd->...nc", x / length(x)[..., None], w) + p["b"], own
    )


def li_arcface(x, w, own, p):
    angle = np.arccos(cosines(x, w))
    return cross_entropy(p["scale"] * (math.pi - 2 * (angle + p["margin"] * own)) / math.pi, own)


def adacos(x, w, own, p):
    c = cosines(x, w)
    start = s = math.sqrt(2) * math.log(c.shape[-1] - 1)
    if p["dynamic"]:
        b = np.where(own, 0, np.exp(s * c.real)).sum(-1).mean(-1)
        angles = np.sort(np.arccos(np.where(own, c.real, 0).sum(-1)), axis=-1)
        median = angles[..., (angles.shape[-1] - 1) // 2]
        rule = np.log(b) / np.cos(np.minimum(math.pi / 4, median))
        s = np.minimum(rule, 1.5 * start)[..., None, None]  # the limit is the program's own
    return cross_entropy(s * c, own)


def curricularface(x, w, own, p):
    c = cosines(x, w)
    angle = np.arccos(np.where(own, c, 0).sum(-1))[..., None]
    t = (1 - p["momentum"]) * p["t"] + p["momentum"] * np.cos(angle.real).mean((-1, -2))
    others = np.where(c.real > np.cos(angle + p["margin"]).real, c * (t[..., None, None] + c), c)
    return cross_entropy(p["scale"] * np.where(own, arc(angle, p["margin"]), others), own)


def magface(x, w, own, p):
    c = cosines(x, w)
    a = length(x)
    a = np.where(a.real < p["l_a"], p["l_a"], np.where(a.real > p["u_a"], p["u_a"], a))
    slope = (p["u_margin"] - p["l_margin"]) / (p["u_a"] - p["l_a"])
    m = (p["l_margin"] + slope * (a - p["l_a"]))[..., None]
    angle = np.arccos(c)
    bent = np.where(angle.real > math.pi - m.real, c - m * np.sin(m), np.cos(angle + m))
    reward = (a / p["u_a"] ** 2 + 1 / a).mean(-1)
    return cross_entropy(p["scale"] * np.where(own, bent, c), own) + p["weight"] * reward


def adaface(x, w, own, p):
    c, a = cosines(x, w), length(x).real
    z = p["h"] * (a - a.mean(-1, keepdims=True)) / a.std(-1, ddof=1, keepdims=True)
    z = np.clip(z, -1, 1)[..., None]
    angle = np.arccos(c) - p["margin"] * z
    angle = np.where(angle.real < 0, 0, np.where(angle.real > math.pi, math.pi, angle))
    target = np.cos(angle) - (p["margin"] + p["margin"] * z)
    return cross_entropy(p["scale"] * np.where(own, target, c), own)


def subcenter(x, w, own, p):
    c = cosines(x, w)
    c = c.reshape(*c.shape[:-1], own.shape[-1], -1)
    c = np.take_along_axis(c, c.real.argmax(-1)[..., None], -1)[..., 0]
    return cross_entropy(p["scale"] * np.where(own, arc(np.arccos(c), p["margin"]), c), own)


def sphereface2(x, w, own, p):
    g = 2 * ((cosines(x, w) + 1) / 2) ** p["t"] - 1
    r, m, b = p["scale"], p["margin"], p["b"]
    positive = p["weight"] / r * np.log(1 + np.exp(-(r * (g - m) + b)))
    negative = (1 - p["weight"]) / r * np.log(1 + np.exp(r * (g + m) + b))
    return np.where(own, positive, negative).sum(-1).mean(-1)


def circle(x, w, own, p):
    c, m = cosines(x, w), p["margin"]
    target = np.maximum(0, 1 + m - c.real) * (c - (1 - m))
    others = np.maximum(0, c.real + m) * (c - m)
    return cross_entropy(p["gamma"] * np.where(own, target, others), own)


REFERENCES = {
    "modified-softmax": softmax_type(lambda angle, _x, _p: np.cos(angle), feature_length),
    "normface": softmax_type(lambda angle, _x, _p: np.cos(angle)),
    "cosface": softmax_type(lambda angle, _x, p: np.cos(angle) - p["margin"]),
    "arcface": softmax_type(lambda angle, _x, p: arc(angle, p["margin"], p["beyond_pi"])),
    "combined": softmax_type(lambda angle, _x, p: np.cos(p["m1"] * angle + p["m2"]) - p["m3"]),
    "l-softmax": softmax_type(annealed, both_lengths),
    "a-softmax": softmax_type(annealed, feature_length),
    "sphereface-r": softmax_type(lambda angle, _x, p: psi(angle, p["margin"])),
    "l2-softmax": l2_softmax,
    "li-arcface": li_arcface,
    "adacos": adacos,
    "curricularface": curricularface,
    "magface": magface,
    "adaface": adaface,
    "subcenter-arcface": subcenter,
    "sphereface2": sphereface2,
    "circle": circle,
}

CASES = [
    ("modified-softmax", {}),
    ("normface", {"scale": 20.0}),
    ("cosface", {"scale": 30.0, "margin": 0.35}),
    *[("arcface", {"scale": 10.0, "margin": 0.5, "beyond_pi": how}) for how in ("fallback", "none", "easy")],
    ("arcface", {"scale": 64.0, "margin": 0.5, "beyond_pi": "clip"}),
    ("combined", {"scale": 10.0, "m1": 1.0, "m2": 0.3, "m3": 0.2}),
    ("combined", {"scale": 10.0, "m1": 1.25, "m2": 0.15, "m3": 0.05}),
    *[(name, {"margin": m, "annealing": 0.0}) for name in ("l-softmax", "a-softmax") for m in (1, 2, 3, 4)],
    *[(name, {"margin": 3, "annealing": 5.0}) for name in ("l-softmax", "a-softmax")],
    *[("sphereface-r", {"scale": 10.0, "margin": m}) for m in (1.0, 1.35, 1.7, 3.2)],
    ("l2-softmax", {"alpha": 12.0}),
    ("li-arcface", {"scale": 10.0, "margin": 0.45}),
    ("adacos", {"dynamic": True}),
    ("adacos", {"dynamic": False}),
    ("curricularface", {"scale": 10.0, "margin": 0.5, "momentum": 0.1}),
    ("magface", {"scale": 10.0, "l_margin": 0.1, "u_margin": 0.6, "l_a": 0.8, "u_a": 2.0, "weight": 3.0}),
    ("adaface", {"scale": 10.0, "margin": 0.4, "h": 0.6}),
    ("subcenter-arcface", {"scale": 10.0, "margin": 0.5}),
    ("sphereface2", {"weight": 0.6, "scale": 10.0, "margin": 0.4, "t": 3.0}),
    ("sphereface2", {"weight": 0.7, "scale": 40.0, "margin": 0.2, "t": 1.0}),
    ("circle", {"margin": 0.25, "gamma": 32.0}),
]


def problem(name, classes, dim, seed):
    """Return features (n, d), class weights, labels; the first feature almost opposite its class weight."""
    random = np.random.default_rng(seed)
    rows = classes * (3 if name == "subcenter-arcface" else 1)
    w = random.normal(size=(rows, dim))
    x = random.normal(size=(8, dim)) * random.uniform(0.3, 2, (8, 1))
    labels = random.integers(0, classes, 8)
    x[0] = -1.3 * w[labels[0] * rows // classes] + 1e-3 * random.normal(size=dim)
    return x, w, labels


def complex_step(function, at):
    """Return the gradient of ``function`` of an array, one evaluation for each entry, all at once."""
    steps = 1e-30j * np.eye(at.size).reshape(-1, *at.shape)
    return (function(at + steps).imag / 1e-30).reshape(at.shape)


def trained(name, classes, dim, dtype, w):
    """Return the loss in training mode with class weights ``w``, and its state as the reference needs it."""
    torch.manual_seed(0)
    loss = build(name, classes, dim).to(dtype)
    state = {}
    with torch.no_grad():
        loss.weight.copy_(torch.from_numpy(w))
        if name == "l2-softmax":
            state["b"] = np.linspace(-1, 1, classes)
            loss.bias.copy_(torch.from_numpy(state["b"]))
        if name == "sphereface2":
            state["b"] = 0.7
            loss.offset.fill_(0.7)
        if name == "curricularface":
            state["t"] = 0.25
            loss.curriculum.fill_(0.25)
        if name == "adacos":
            loss.scale.fill_(math.sqrt(2) * math.log(classes - 1))
    return loss, state


@pytest.mark.parametrize(("name", "params"), CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
@pytest.mark.parametrize(
    ("dtype", "value_error", "gradient_error"), [(torch.float64, 1e-9, 1e-6), (torch.float32, 2e-5, 1e-3)]
)
def test_value_and_gradient_are_the_papers(name, params, dtype, value_error, gradient_error):
    reference = REFERENCES[name]
    for dim, classes, seed in [
        (2, 5, 0),
        (2, 10, 1),
        (3, 5, 2),
        (3, 10, 3),
        (8, 5, 4),
        (8, 10, 5),
        (2, 10, 6),
    ]:
        x, w, labels = problem(name, classes, dim, seed)
        own = own_classes(labels, classes)
        loss, state = trained(name, classes, dim, dtype, w)
        features = torch.tensor(x, dtype=dtype, requires_grad=True)

        value = loss(features, torch.from_numpy(labels), **params)
        value.backward()

        p = {**params, **state}
        expected = reference(x, w, own, p)
        assert value.detach().item() == pytest.approx(expected, rel=value_error)
        for got, wanted in (
            (features.grad, complex_step(lambda v, p=p, w=w, o=own: reference(v, w, o, p), x)),
            (loss.weight.grad, complex_step(lambda v, p=p, x=x, o=own: reference(x, v, o, p), w)),
        ):
            error = np.linalg.norm(got.double().numpy() - wanted)
            assert error <= gradient_error * np.linalg.norm(wanted), (dim, classes, seed)


@pytest.mark.parametrize("name", ["l2-softmax", "sphereface2"])
def test_the_bias_learns_by_the_papers_gradient(name):
    x, w, labels = problem(name, 5, 3, 0)
    loss, state = trained(name, 5, 3, torch.float64, w)
    params = next(params for case, params in CASES if case == name)
    loss(torch.from_numpy(x), torch.from_numpy(labels), **params).backward()
    bias = loss.bias if name == "l2-softmax" else loss.offset
    at = np.asarray(state["b"], dtype=float)
    own = own_classes(labels, 5)
    if name == "l2-softmax":
        wanted = complex_step(lambda b: REFERENCES[name](x, w, own, {**params, "b": b[..., None, :]}), at)
    else:
        wanted = REFERENCES[name](x, w, own, {**params, "b": 0.7 + 1e-30j}).imag / 1e-30
    np.testing.assert_allclose(bias.grad.numpy(), wanted, rtol=1e-9)


@pytest.mark.parametrize("kind", ["arc", "cos"])
def test_elasticface_is_arcface_or_cosface_with_the_drawn_margins(kind):
    x, w, labels = problem("elasticface", 10, 3, 0)
    own = own_classes(labels, 10)
    loss, _ = trained("elasticface", 10, 3, torch.float64, w)
    drawn = 0.4 + 0.1 * copy.deepcopy(loss.noise)(len(labels)).double().numpy()

    def reference(x):
        c, m = cosines(x, w), drawn[:, None]
        target = c - m if kind == "cos" else arc(np.arccos(c), m)
        return cross_entropy(12.0 * np.where(own, target, c), own)

    features = torch.tensor(x, requires_grad=True)
    value = loss(features, torch.from_numpy(labels), scale=12.0, margin=0.4, std=0.1, kind=kind)
    value.backward()
    assert value.detach().item() == pytest.approx(reference(x), rel=1e-9)
    np.testing.assert_allclose(features.grad.numpy(), complex_step(reference, x), rtol=1e-6, atol=1e-9)


def test_l2_softmax_and_sphereface2_classify_by_their_own_scores():
    x, w, _ = problem("sphereface2", 5, 3, 0)
    loss, _ = trained("sphereface2", 5, 3, torch.float64, w)
    scores = loss.scores(torch.from_numpy(x), scale=20.0, t=2.0).detach().numpy()
    np.testing.assert_allclose(scores, 20 * (2 * ((cosines(x, w) + 1) / 2) ** 2 - 1) + 0.7, rtol=1e-9)
    assert loss.bias.shape == (5,)
    loss, state = trained("l2-softmax", 5, 3, torch.float64, w)
    scores = loss.scores(torch.from_numpy(x), alpha=3.0).detach().numpy()
    np.testing.assert_allclose(scores, 3 * x / length(x)[:, None] @ w.T + state["b"], rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "params", "target"),
    [
        ("arcface", {"scale": 1.0, "margin": 0.5, "beyond_pi": "none"}, math.cos(math.pi / 2 + 0.5)),
        (
            "combined",
            {"scale": 1.0, "m1": 1.2, "m2": 0.3, "m3": 0.2, "beyond_pi": "none"},
            math.cos(1.2 * math.pi / 2 + 0.3) - 0.2,
        ),
        (
            "combined",  # k = 1 at 90°
            {"scale": 1.0, "m1": 2.0, "m2": 0.3, "m3": 0.2, "beyond_pi": "piecewise"},
            -math.cos(math.pi + 0.3) - 2.2,
        ),
        ("sphereface-r", {"scale": 1.0, "margin": 3.0}, -2.0),  # k = 1 at 90°: -cos(270°) - 2
        ("li-arcface", {"scale": 1.0, "margin": 0.45}, -0.9 / math.pi),
    ],
)
def test_a_feature_without_length_counts_as_perpendicular(name, params, target):
    loss = build(name, 5, 2).double()
    logits = loss.logits(torch.zeros(1, 2, dtype=torch.float64), torch.tensor([2]), **params)
    assert logits[0, 2].item() == pytest.approx(target, abs=1e-12)
    assert logits[0, [0, 1, 3, 4]].abs().max() < 1e-12
