"""Builds losses by name, including those of installed packages."""

from __future__ import annotations

from collections.abc import Callable

from explorer.core.losses.catalog import find_loss
from explorer.core.params import ParamError, Value
from explorer.core.plugins import PluginError, load, plugins
from explorer.worker.losses.a_softmax import ASoftmax
from explorer.worker.losses.adacos import AdaCos
from explorer.worker.losses.adaface import AdaFace
from explorer.worker.losses.arcface import ArcFace
from explorer.worker.losses.base import Loss
from explorer.worker.losses.center import CenterLoss
from explorer.worker.losses.circle import CircleLoss
from explorer.worker.losses.combined import CombinedMargin
from explorer.worker.losses.contrastive import Contrastive
from explorer.worker.losses.cosface import CosFace
from explorer.worker.losses.curricularface import CurricularFace
from explorer.worker.losses.elasticface import ElasticFace
from explorer.worker.losses.focal import Focal
from explorer.worker.losses.gaussian_mixture import GaussianMixture
from explorer.worker.losses.island import IslandLoss
from explorer.worker.losses.l2_softmax import L2Softmax
from explorer.worker.losses.l_softmax import LSoftmax
from explorer.worker.losses.label_smoothing import LabelSmoothing
from explorer.worker.losses.li_arcface import LiArcFace
from explorer.worker.losses.magface import MagFace
from explorer.worker.losses.modified_softmax import ModifiedSoftmax
from explorer.worker.losses.multi_similarity import MultiSimilarity
from explorer.worker.losses.n_pair import NPair
from explorer.worker.losses.normface import NormFace
from explorer.worker.losses.proxy_anchor import ProxyAnchor
from explorer.worker.losses.proxy_nca import ProxyNCA
from explorer.worker.losses.ring import RingLoss
from explorer.worker.losses.signature import check_builder, check_keywords
from explorer.worker.losses.softmax import Softmax
from explorer.worker.losses.sphereface2 import SphereFace2
from explorer.worker.losses.sphereface_r import SphereFaceR
from explorer.worker.losses.subcenter_arcface import SubcenterArcFace
from explorer.worker.losses.supcon import SupCon
from explorer.worker.losses.triplet import Triplet

PLUGIN_GROUP = "explorer.losses"

BUILDERS: dict[str, Callable[..., Loss]] = {
    "softmax": Softmax,
    "label-smoothing": LabelSmoothing,
    "focal": Focal,
    "center": CenterLoss,
    "ring": RingLoss,
    "island": IslandLoss,
    "l-gm": GaussianMixture,
    "normface": NormFace,
    "cosface": CosFace,
    "arcface": ArcFace,
    "modified-softmax": ModifiedSoftmax,
    "l2-softmax": L2Softmax,
    "adacos": AdaCos,
    "l-softmax": LSoftmax,
    "a-softmax": ASoftmax,
    "sphereface-r": SphereFaceR,
    "combined": CombinedMargin,
    "li-arcface": LiArcFace,
    "subcenter-arcface": SubcenterArcFace,
    "circle": CircleLoss,
    "sphereface2": SphereFace2,
    "curricularface": CurricularFace,
    "magface": MagFace,
    "adaface": AdaFace,
    "elasticface": ElasticFace,
    "proxy-nca": ProxyNCA,
    "proxy-anchor": ProxyAnchor,
    "contrastive": Contrastive,
    "triplet": Triplet,
    "n-pair": NPair,
    "supcon": SupCon,
    "multi-similarity": MultiSimilarity,
}


def build(name: str, num_classes: int, embedding_dim: int, **restart: Value) -> Loss:
    """Return a new loss, initialised from the global generator of torch.

    Parameters
    ----------
    name : str
        Name in the catalogue.
    num_classes, embedding_dim : int
        C and d.
    **restart
        Values of the parameters that need a restart; the catalogue has the defaults.

    Raises
    ------
    ParamError
        For an unknown loss or parameter, or if the module does not match its description.
    """
    spec = find_loss(name)
    wanted = {param.name for param in spec.params if param.effect == "restart"}
    live = restart.keys() - wanted
    values = spec.resolve(restart)
    if live:
        raise ParamError(
            "{loss}: {name!r} is live: give it to forward, not to build.", loss=spec.title, name=min(live)
        )
    builder = _builder(name)
    check_builder(builder, spec)
    loss = builder(num_classes, embedding_dim, **{key: values[key] for key in wanted})
    check_keywords(loss, spec)
    loss.spec = spec
    return loss


def _builder(name: str) -> Callable[..., Loss]:
    if name in BUILDERS:
        return BUILDERS[name]
    for point in plugins(PLUGIN_GROUP):
        if point.name == name:
            try:
                builder: Callable[..., Loss] = load(point)
            except PluginError as error:
                raise ParamError(
                    "The loss {name!r} of {place!r} was not loaded: {fault}.",
                    name=name,
                    place=point.value,
                    fault=error,
                ) from error
            return builder
    raise ParamError(
        "The catalogue has the loss {name!r}, but no entry point of group {group} computes it.",
        name=name,
        group=PLUGIN_GROUP,
    )
