"""The curve on screen is that of the loss that trains: T(θ) against the logits of a built loss."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from core.losses.curves import CURVED, other_curve, target_curve

from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses.base import Loss
from explorer.worker.losses.registry import build

NORM = 3.0
CLASSES = 5
ANGLES = np.radians(np.linspace(0.0, 180.0, 73))


def measured(name: str, **changed: Any) -> tuple[Loss, dict[str, Any], np.ndarray, np.ndarray]:
    """Return a loss, its parameters, and for features of length 3 at `ANGLES` to the weight of class 1 their
    logits (n, C), and the angles to the weights of all classes (n, C).
    """
    spec = LOSSES[name]
    params = spec.resolve(changed)
    restart = {param.name: params[param.name] for param in spec.params if param.effect == "restart"}
    torch.manual_seed(1)
    loss = build(name, CLASSES, 2, **{key: 1 if key == "subcenters" else v for key, v in restart.items()})
    loss = loss.double().eval()
    loss.weight.data = torch.nn.functional.normalize(loss.weight.data, dim=1)
    weights = loss.weight.detach().numpy()
    own = math.atan2(weights[1, 1], weights[1, 0])
    directions = own + ANGLES
    embeddings = torch.from_numpy(NORM * np.stack([np.cos(directions), np.sin(directions)], axis=1))
    labels = torch.ones(len(ANGLES), dtype=torch.long)
    live = {key: value for key, value in params.items() if key not in restart}
    with torch.no_grad():
        logits = loss.logits(embeddings, labels, **live).numpy()
        if name == "sphereface2":
            logits -= float(loss.offset)  # learned, and the same for all classes
    units = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    angles = np.arccos(np.clip(embeddings.numpy() / NORM @ units.T, -1, 1))
    return loss, params, logits, angles


def scale_of(loss: Loss, params: dict[str, Any]) -> float:
    """Return the factor of T(θ), class weights being of length 1."""
    scale = loss.spec.scale
    return scale.factor(params, CLASSES) * (NORM if scale.feature_length else 1.0)


def test_the_factor_of_the_curve_is_the_one_of_the_papers() -> None:
    for name, factor in (
        ("modified-softmax", NORM),
        ("l-softmax", NORM),
        ("a-softmax", NORM),
        ("adacos", math.sqrt(2) * math.log(CLASSES - 1)),
        ("circle", 1.0),
        ("arcface", 10.0),
    ):
        loss, params, _, _ = measured(name)
        assert scale_of(loss, params) == pytest.approx(factor), name


CASES = [(name, {}) for name in CURVED]
CASES += [("arcface", {"margin": 0.5, "beyond_pi": way}) for way in ("fallback", "none", "easy", "clip")]
CASES += [("l-softmax", {"margin": m, "annealing": a}) for m in (1, 3, 4) for a in (0.0, 2.0)]
CASES += [
    ("sphereface-r", {"margin": 1.7}),
    ("combined", {"m1": 1.4, "m2": 0.3}),
    ("combined", {"m1": 2.7, "m2": 0.3, "beyond_pi": "piecewise"}),
    ("elasticface", {"kind": "cos"}),
]
CASES += [("magface", {"u_a": 20.0, "u_margin": 0.8}), ("magface", {"l_a": 5.0, "u_a": 4.0, "u_margin": 0.8})]


@pytest.mark.parametrize(("name", "changed"), CASES)
def test_own_logit_is_the_curve_times_the_scale(name: str, changed: dict[str, Any]) -> None:
    loss, params, logits, _ = measured(name, **changed)
    follows = {}
    if name == "adaface":
        follows = {"norm_mean": float(loss.length_mean), "norm_std": float(loss.length_deviation)}
    away = np.abs(np.degrees(ANGLES) - 90) > 1e-6  # at a corner or jump, rounding chooses the branch
    expected = scale_of(loss, params) * target_curve(name, ANGLES, params, NORM, **follows)
    np.testing.assert_allclose(logits[away, 1], expected[away], rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("name", [name for name in CURVED if name != "curricularface"])
def test_other_logits_are_the_other_curve_times_the_scale(name: str) -> None:
    loss, params, logits, angles = measured(name)
    others = [0, 2, 3, 4]
    expected = scale_of(loss, params) * other_curve(name, angles, params)
    np.testing.assert_allclose(logits[:, others], expected[:, others], rtol=1e-9, atol=1e-6)


def test_curricularface_raises_hard_classes_and_leaves_the_easy_ones_on_the_curve() -> None:
    _, params, logits, angles = measured("curricularface")
    cosines = params["scale"] * other_curve("curricularface", angles, params)
    margin = float(params["margin"])
    easy = np.cos(angles) < np.cos(ANGLES + margin)[:, None] - 1e-9
    easy[:, 1] = False
    assert easy.any()
    np.testing.assert_allclose(logits[easy], cosines[easy], atol=1e-6)
