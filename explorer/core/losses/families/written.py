"""T(θ) with numbers in place of the symbols, as a person would write it down for one sample.

Each function maps θ in radians and a `Sample` to a text; evaluated, it gives the value of the curve that is
named like it. Where a curve has several branches, it is the one in force at θ.
"""

from __future__ import annotations

import math

from explorer.core.losses.margin_geometry import Sample


def plain(theta: float, _sample: Sample) -> str:
    """Return cos θ."""
    return f"cos({theta:.4f})"


def lowered(theta: float, sample: Sample) -> str:
    """Return cos θ − m."""
    return f"cos({theta:.4f}) − {sample.number('margin'):g}"


def arc(theta: float, sample: Sample) -> str:
    """Return cos(θ + m), or what replaces it beyond π."""
    beyond = str(sample.params.get("beyond_pi", "fallback"))
    return added(theta, sample.number("margin"), beyond)


def added(theta: float, margin: float, beyond_pi: str = "fallback") -> str:
    """Return cos(θ + m), or what replaces it beyond π."""
    past = math.cos(theta) < -math.cos(margin)
    if beyond_pi == "fallback" and past:
        return f"cos({theta:.4f}) − {margin:.4g}·sin({margin:.4g})"
    if beyond_pi == "easy" and math.cos(theta) <= 0:
        return f"cos({theta:.4f})"
    if beyond_pi == "clip" and past:
        return "−1"
    return f"cos({theta:.4f} + {margin:.4g})"


def multiplied(theta: float, sample: Sample) -> str:
    """Return ψ(θ) = (−1)^k·cos(mθ) − 2k."""
    margin = sample.number("margin")
    fold = math.floor(margin * theta / math.pi)
    cosine = f"cos({margin:g}·{theta:.4f})"
    return cosine if fold == 0 else f"(−1)^{fold}·{cosine} − 2·{fold}"


def annealed(theta: float, sample: Sample) -> str:
    """Return (λ·cos θ + ψ(θ))/(1 + λ)."""
    weight = f"{sample.number('annealing'):.4g}"
    return f"({weight}·cos({theta:.4f}) + {multiplied(theta, sample)})/(1 + {weight})"


def combined(theta: float, sample: Sample) -> str:
    """Return cos(m₁θ + m₂) − m₃, or what replaces the cosine beyond π."""
    factor, angle, lowered_by = (sample.number(name) for name in ("m1", "m2", "m3"))
    cosine = f"cos({factor:g}·{theta:.4f} + {angle:g})"
    fold = math.floor((factor * theta + angle) / math.pi)
    if fold and sample.params.get("beyond_pi") == "piecewise":
        cosine = f"(−1)^{fold}·{cosine} − 2·{fold}"
    return f"{cosine} − {lowered_by:g}"


def line(theta: float, sample: Sample) -> str:
    """Return (π − 2(θ + m))/π."""
    return f"(π − 2·({theta:.4f} + {sample.number('margin'):g}))/π"


def circle(theta: float, sample: Sample) -> str:
    """Return m² − (1 − cos θ)²."""
    return f"{sample.number('margin'):g}² − (1 − cos({theta:.4f}))²"


def by_quality(theta: float, sample: Sample) -> str:
    """Return cos(θ − m·z) − (m + m·z) of AdaFace, or what replaces the cosine where θ − m·z leaves [0, π]."""
    margin = f"{sample.number('margin'):g}"
    deviations = (float(sample.norm) - sample.norm_mean) / sample.norm_std
    quality = min(max(sample.number("h") * deviations, -1.0), 1.0)
    z = f"{quality:.4f}".replace("-", "−")
    angle = theta - sample.number("margin") * quality
    cosine = "1" if angle < 0 else "−1" if angle > math.pi else f"cos({theta:.4f} − {margin}·({z}))"
    return f"{cosine} − ({margin} + {margin}·({z}))"


def elastic(theta: float, sample: Sample) -> str:
    """Return cos(θ + m) or cos θ − m, whichever ElasticFace is set to, at the mean margin."""
    return arc(theta, sample) if sample.params["kind"] == "arc" else lowered(theta, sample)


def one_vs_all(theta: float, sample: Sample) -> str:
    """Return 2((cos θ + 1)/2)^t − 1 − m of SphereFace2."""
    power, margin = sample.number("t"), sample.number("margin")
    return f"2·((cos({theta:.4f}) + 1)/2)^{power:g} − 1 − {margin:g}"
