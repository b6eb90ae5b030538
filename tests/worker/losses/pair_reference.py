"""Losses written a second time, from their formulas, in float64 NumPy, with gradients by differences.

Each takes features ``x`` (n, d), labels ``y`` (n,), the state of the module by attribute name, and the live
parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
State = dict[str, Floats]


def logits(x: Floats, state: State, bias: bool = True) -> Floats:
    return x @ state["weight"].T + (state["bias"] if bias else 0.0)


def log_softmax(z: Floats) -> Floats:
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def cross_entropy(z: Floats, y: NDArray[np.int64]) -> float:
    return float(-log_softmax(z)[np.arange(len(y)), y].mean())


def unit(v: Floats) -> Floats:
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def softmax(x, y, state, *, bias):
    return cross_entropy(logits(x, state, bias), y)


def label_smoothing(x, y, state, *, smoothing):
    classes = len(state["weight"])
    targets = np.full((len(y), classes), smoothing / classes)
    targets[np.arange(len(y)), y] += 1 - smoothing
    return -(targets * log_softmax(logits(x, state))).sum(axis=1).mean()


def focal(x, y, state, *, gamma):
    p = np.exp(log_softmax(logits(x, state)))[np.arange(len(y)), y]
    return -((1 - p) ** gamma * np.log(p)).mean()


def center(x, y, state, *, weight, normalize, **_pace):
    seen = unit(x) if normalize else x
    squared = sum(
        float((a - state["centers"][k]) @ (a - state["centers"][k])) for a, k in zip(seen, y, strict=True)
    )
    return cross_entropy(logits(x, state), y) + weight * squared / 2 / len(y)


def ring(x, y, state, *, weight):
    lengths = np.sqrt((x * x).sum(axis=1))
    return cross_entropy(logits(x, state), y) + weight / 2 * ((lengths - state["radius"]) ** 2).mean()


def island(x, y, state, *, weight, separation, **_pace):
    c = state["centers"]
    near = ((x - c[y]) ** 2).sum(axis=1).mean() / 2
    crowded = sum(
        c[j] @ c[k] / np.linalg.norm(c[j]) / np.linalg.norm(c[k]) + 1
        for j, k in permutations(range(len(c)), 2)
    )
    return cross_entropy(logits(x, state), y) + weight * (near + separation * crowded)


def gaussian_mixture(x, y, state, *, alpha, weight):
    means, covariances = state["centers"], [np.diag(np.exp(v)) for v in state["log_variance"]]
    inverses, volumes = np.linalg.inv(covariances), np.linalg.det(covariances)
    offsets = x[:, None] - means
    d = np.einsum("njd,jde,nje->nj", offsets, inverses, offsets) / 2
    own = np.eye(len(means))[y]
    shares = volumes**-0.5 * np.exp(-d * (1 + alpha * own))
    likelihood = (own * (d + np.log(volumes) / 2)).sum(axis=1)
    return (-np.log((own * shares).sum(axis=1) / shares.sum(axis=1)) + weight * likelihood).mean()


def proxy_nca(x, y, state):
    f, p = unit(x), unit(state["weight"])
    d = ((f[:, None] - p[None]) ** 2).sum(axis=2)
    total = 0.0
    for row, k in zip(d, y, strict=True):
        others = sum(np.exp(-row[j]) for j in range(len(p)) if j != k)
        total -= np.log(np.exp(-row[k]) / others)
    return total / len(y)


def contrastive(x, y, _state, *, margin):
    values = []
    for i, j in combinations(range(len(y)), 2):
        d = np.linalg.norm(x[i] - x[j])
        values.append(d**2 / 2 if y[i] == y[j] else max(margin - d, 0.0) ** 2 / 2)
    return np.mean(values)


def n_pair(x, y, _state, *, weight):
    """Sets of pairs built class by class: the first two of each class, then its next two, and so on."""
    members = {k: np.flatnonzero(y == k) for k in np.unique(y)}
    values = []
    for turn in range(len(y) // 2):
        pairs = [m[2 * turn : 2 * turn + 2] for m in members.values() if len(m) >= 2 * turn + 2]
        for a, p in pairs:
            values.append(-np.log(np.exp(x[a] @ x[p]) / sum(np.exp(x[a] @ x[q]) for _, q in pairs)))
    return np.mean(values) + weight * (x**2).sum(axis=1).mean()


def slopes(f: Callable[[Floats], float], at: Floats, h: float = 1e-5) -> Floats:
    """Return the gradient of ``f`` by central differences."""
    result = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[index] = h
        result[index] = (f(at + step) - f(at - step)) / (2 * h)
    return result
