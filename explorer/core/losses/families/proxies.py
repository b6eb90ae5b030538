"""Losses that compare features with a learned proxy per class."""

from __future__ import annotations

import numpy as np

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import LogitScale
from explorer.core.losses.sample_terms import TrainedSample
from explorer.core.params import Param
from explorer.core.texts import N_

FAMILY = N_("Proxies")


def _nearest_proxies(sample: TrainedSample) -> dict[str, float]:
    """Return ln Σ_{j≠y} e^{−D_j} + D_y, from the logits 2cos θ = 2 − D: the constant cancels."""
    others = np.delete(sample.logits, sample.label)
    return {N_("proxy"): float(np.logaddexp.reduce(others) - sample.logits[sample.label])}


ENTRIES = (
    LossSpec(
        name="proxy-nca",
        title=N_("Proxy-NCA"),
        family=FAMILY,
        summary=N_(
            "Attracts each unit-length feature to the proxy of its class and repels it from the "
            "others. The true class's proxy is not in the denominator, so the loss can be "
            "negative."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{-D(x_i, p_{y_i})}}{\sum_{j\neq y_i} e^{-D(x_i, p_j)}}"
        r",\quad D(x, p) = \left\|\frac{x}{\|x\|} - \frac{p}{\|p\|}\right\|^2",
        head="angular",
        sample_terms=_nearest_proxies,
        scale=LogitScale(constant=2.0),
        paper=Paper(
            authors="Movshovitz-Attias, Toshev, Leung, Ioffe, Singh",
            title="No Fuss Distance Metric Learning using Proxies",
            venue="ICCV 2017",
            arxiv="1703.07464",
        ),
    ),
    LossSpec(
        name="proxy-anchor",
        title=N_("Proxy-Anchor"),
        family=FAMILY,
        summary=N_(
            "Each proxy attracts its class and repels the others, hard samples more strongly. "
            "Designed for many dimensions: with the published sharpness of 32, the loss in 2-D or "
            "3-D is lowest when many classes collapse onto each other."
        ),
        formula=r"L = \frac{1}{|P^+|}\sum_{p\in P^+} \ln\bigg(1+\sum_{x\in X_p^+} "
        r"e^{-\alpha(\cos\theta_{x,p}-\delta)}\bigg) \quad + \frac{1}{|P|}\sum_{p\in P} "
        r"\ln\bigg(1+\sum_{x\in X_p^-} e^{\alpha(\cos\theta_{x,p}+\delta)}\bigg)",
        least_accuracy={2: 0.79},
        head="angular",
        scale=LogitScale("alpha"),
        params=(
            Param(
                name="alpha",
                label=N_("Sharpness"),
                symbol="α",
                default=1.0,
                min=0.1,
                max=128.0,
                step=1.0,
                log=True,
                published=(32.0,),
                help=N_("How strongly the hardest features of a proxy are emphasised."),
            ),
            Param(
                name="delta",
                label=N_("Margin"),
                symbol="δ",
                default=1.0,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.1,),
                help=N_("Target cosine: at least δ to the true class's proxy, at most −δ to the others."),
            ),
        ),
        paper=Paper(
            authors="Kim, Kim, Cho, Kwak",
            title="Proxy Anchor Loss for Deep Metric Learning",
            venue="CVPR 2020",
            arxiv="2003.13911",
        ),
    ),
)
