"""A module whose keywords are not those of its description is refused when it is built, not in mid-run."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from msgspec.structs import replace
from torch import Tensor

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import ParamError
from explorer.worker.losses import registry
from explorer.worker.losses.angles import CosineLoss
from explorer.worker.losses.base import Loss, Terms
from explorer.worker.losses.registry import BUILDERS
from explorer.worker.losses.signature import check_builder, check_keywords

SPEC = LOSSES["cosface"]


class Fits(CosineLoss):
    def logits(self, embeddings: Tensor, labels: Tensor, *, scale: Tensor, margin: Tensor) -> Tensor:
        return scale * (self.scores(embeddings) - margin) + 0 * labels[:, None]


class TakesAll(CosineLoss):
    def terms(self, embeddings: Tensor, labels: Tensor, **params: Tensor) -> Terms:
        return {"all": params["scale"] * embeddings.sum() + 0 * labels.sum()}


class TakesTooFew(CosineLoss):
    def logits(self, embeddings: Tensor, labels: Tensor, *, scale: Tensor) -> Tensor:
        return scale * embeddings + 0 * labels[:, None]


class NeedsAnother(Fits):
    def terms(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor, margin: Tensor, boost: Tensor
    ) -> Terms:
        return {"all": boost * scale * margin * embeddings.sum() + 0 * labels.sum()}


class HasADefault(CosineLoss):
    def logits(
        self, embeddings: Tensor, labels: Tensor, *, scale: Tensor, margin: Tensor, boost: float = 1.0
    ) -> Tensor:
        return boost * (scale - margin) * embeddings + 0 * labels[:, None]


class ComputesNothing(CosineLoss):
    pass


@pytest.mark.parametrize("kind", [Fits, TakesAll, HasADefault])
def test_a_module_that_takes_what_its_description_names_is_good(kind: type[Loss]) -> None:
    check_keywords(kind(10, 2), SPEC)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (TakesTooFew, "logits of its module does not take the parameter 'margin' of its description"),
        (NeedsAnother, "terms of its module needs 'boost', which is no live parameter of its description"),
        (ComputesNothing, "its module defines neither logits nor terms"),
    ],
)
def test_a_module_that_does_not_is_named(kind: type[Loss], said: str) -> None:
    with pytest.raises(ParamError, match=said):
        check_keywords(kind(10, 2), SPEC)


def test_what_is_no_loss_is_named() -> None:
    with pytest.raises(ParamError, match=r"is a Linear, not an explorer\.worker\.losses\.base\.Loss"):
        check_keywords(__import__("torch").nn.Linear(2, 2), SPEC)


@pytest.mark.parametrize("name", BUILDERS)
def test_all_of_ours_fit(name: str) -> None:
    spec = LOSSES[name]
    check_builder(BUILDERS[name], spec)
    restart = {param.name: param.default for param in spec.params if param.effect == "restart"}
    check_keywords(BUILDERS[name](10, 2, **restart), spec)


def test_restart_parameters_go_to_what_builds_the_loss() -> None:
    spec = LOSSES["subcenter-arcface"]
    with pytest.raises(ParamError, match="restart parameters \\(subcenters\\): got an unexpected keyword"):
        check_builder(Fits, spec)
    with pytest.raises(ParamError, match="missing a required argument: 'subcenters'"):
        check_builder(BUILDERS["subcenter-arcface"], replace(spec, params=spec.params[:2]))


def test_a_module_that_would_end_the_trainer_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "an_ending_module.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("cosface", "an_ending_module:Loss", registry.PLUGIN_GROUP)
    monkeypatch.setattr(registry, "plugins", lambda _group: [point])
    monkeypatch.delitem(BUILDERS, "cosface")
    with pytest.raises(ParamError, match="'an_ending_module:Loss' was not loaded: it tried to end the"):
        registry.build("cosface", 10, 2)
