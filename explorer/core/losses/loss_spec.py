"""LossSpec: the description of a loss, without the torch module that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry
from explorer.core.losses.sample_terms import Numbers, SampleTerms, TrainedSample
from explorer.core.params import Param, ParamError, Value, check_all
from explorer.core.texts import text


class Paper(Struct, frozen=True, kw_only=True):
    """The publication of a loss."""

    authors: str
    title: str
    venue: str
    arxiv: str = ""


def never(_params: Mapping[str, Value]) -> bool:
    """Return False, whatever the parameters."""
    return False


class LossSpec(Struct, frozen=True, kw_only=True):
    """A loss of the catalogue.

    Parameters
    ----------
    name, title, family, summary : str
        Name in files and on the command line, and message ids: name on screen, group in the panel, and what
        the loss does, in a sentence.
    formula : str
        LaTeX, in the notation of the papers; where there is little room, it is broken at its quads.
    head : str
        The kind of classifier at test time, one of `heads.head_names`.
    params : tuple of Param
        Hyperparameters; "live" ones are keywords of ``forward``, "restart" ones go to ``build``.
    paper : Paper, optional
        Its publication.
    scale : LogitScale
        The factor between cosines and logits, for a loss on angles to class weights.
    geometry : MarginGeometry, optional
        The margin of a loss whose logit of the true class is a function T(θ) of the angle to its weight.
    sample_terms : callable, optional
        What one sample contributes, where the loss is a mean over samples and a frame has all that it needs.
    sample_logits : callable, optional
        Its logits in training, where they follow from neither the geometry nor the scores at test time.
    without_margin : mapping
        Values of parameters with which the logit of the true class has no margin; empty for a loss without
        such a margin, and for one on other things than logits.
    term_weight : str
        Parameter that weights all terms beside the one that tells classes apart; empty for a loss without
        such terms.
    unit_features : callable
        From the parameters to whether a loss on pairs uses unit-length features.
    balanced : bool
        Whether it needs batches with several samples of each of several classes, as losses on pairs do.
    least_accuracy : mapping of int to float
        Where the defaults do not serve every seed: by the dimension, the accuracy to which a seed can fall in
        two epochs of MNIST. The card of the loss says it and why.
    aliases : tuple of str
        Other names in the literature, by which it is found.
    well_known : bool
        Whether it is one of the few that textbooks and lectures name first.
    """

    name: str
    title: str
    family: str
    summary: str
    formula: str
    head: str
    params: tuple[Param, ...] = ()
    paper: Paper | None = None
    scale: LogitScale = LogitScale()
    geometry: MarginGeometry | None = None
    sample_terms: SampleTerms | None = None
    sample_logits: Callable[[TrainedSample], Numbers] | None = None
    without_margin: Mapping[str, Value] = {}
    term_weight: str = ""
    unit_features: Callable[[Mapping[str, Value]], bool] = never
    balanced: bool = False
    least_accuracy: Mapping[int, float] = {}
    aliases: tuple[str, ...] = ()
    well_known: bool = False

    @property
    def curve(self) -> bool:
        """Whether the loss has a curve T(θ) to draw."""
        return self.geometry is not None

    def resolve(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return a valid value for every parameter, the default where ``values`` has none.

        Raises
        ------
        ParamError
            For an unknown name or an invalid value.
        """
        try:
            return check_all(self.params, values, "loss")
        except ParamError as error:
            raise ParamError("{loss}: {problem}", loss=text(self.title), problem=error) from None

    def param(self, name: str) -> Param | None:
        """Return the parameter of this name, or None."""
        return next((param for param in self.params if param.name == name), None)
