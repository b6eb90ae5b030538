"""Losses that compare features with one learned proxy for each class."""

from __future__ import annotations

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import LogitScale
from explorer.core.params import Param

FAMILY = "Proxies"

ENTRIES = (
    LossSpec(
        name="proxy-nca",
        title="Proxy-NCA",
        family=FAMILY,
        summary="Draws each unit feature to the proxy of its class and away from the others; the own proxy "
        "is "
        "not in the denominator, so the loss can fall below zero.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{-D(x_i, p_{y_i})}}{\sum_{j\neq y_i} e^{-D(x_i, p_j)}}"
        r",\quad D(x, p) = \left\|\frac{x}{\|x\|} - \frac{p}{\|p\|}\right\|^2",
        head="angular",
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
        title="Proxy-Anchor",
        family=FAMILY,
        summary="Each proxy draws the features of its class and pushes off the others, the harder ones more. "
        "Made for many dimensions: in two or three it gains by laying many classes on top of each other.",
        formula=r"L = \frac{1}{|P^+|}\sum_{p\in P^+} \ln\bigg(1+\sum_{x\in X_p^+} "
        r"e^{-\alpha(\cos\theta_{x,p}-\delta)}\bigg) \quad + \frac{1}{|P|}\sum_{p\in P} "
        r"\ln\bigg(1+\sum_{x\in X_p^-} e^{\alpha(\cos\theta_{x,p}+\delta)}\bigg)",
        head="angular",
        scale=LogitScale("alpha"),
        params=(
            Param(
                name="alpha",
                label="Sharpness",
                symbol="α",
                default=32.0,
                min=0.1,
                max=128.0,
                step=1.0,
                log=True,
                published=(32.0,),
                help="How much more the hardest feature of a proxy counts than its other ones.",
            ),
            Param(
                name="delta",
                label="Margin",
                symbol="δ",
                default=0.1,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.1,),
                help="Cosine that is asked of the own class, and whose negative is asked of the others.",
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
