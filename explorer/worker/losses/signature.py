"""Checks that the module of a loss accepts the parameters in its description.

`Loss.logits` and `Loss.terms` are overridden with the parameters of each loss as keywords, which a type
checker cannot compare with the description.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import ParamError
from explorer.worker.losses.base import Loss

_KEYWORDS = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def check_builder(builder: Callable[..., object], spec: LossSpec) -> None:
    """Check the constructor of a loss: it takes C, d, and every "restart" parameter by name.

    Raises
    ------
    ParamError
        If it does not.
    """
    restart = {param.name: param.default for param in spec.params if param.effect == "restart"}
    try:
        inspect.signature(builder).bind(2, 2, **restart)
    except TypeError as error:
        raise ParamError(
            "{loss}: its module cannot be built with num_classes, embedding_dim and its restart parameters "
            "({restart}): {problem}.",
            loss=spec.title,
            restart=restart,
            problem=str(error),
        ) from None


def check_keywords(loss: object, spec: LossSpec) -> None:
    """Check an instance: the `logits` or `terms` that it overrides take every live parameter.

    Raises
    ------
    ParamError
        If they do not, require another one, or neither is overridden.
    """
    if not isinstance(loss, Loss):
        raise ParamError(
            "{loss}: what computes it is a {kind}, not an explorer.worker.losses.base.Loss.",
            loss=spec.title,
            kind=type(loss).__name__,
        )
    computed = {"logits": type(loss).logits, "terms": type(loss).terms}
    own = {name: method for name, method in computed.items() if method not in (Loss.logits, Loss.terms)}
    if not own:
        raise ParamError("{loss}: its module defines neither logits nor terms.", loss=spec.title)
    live = {param.name for param in spec.params if param.effect == "live"}
    for name, method in own.items():
        _check_method(spec, name, method, live)


def _check_method(spec: LossSpec, name: str, method: Callable[..., object], live: Iterable[str]) -> None:
    """Check a method, which is called as ``method(self, embeddings, labels, **live)``."""
    parameters = list(inspect.signature(method).parameters.values())[3:]
    keywords = {one.name: one for one in parameters if one.kind in _KEYWORDS}
    open_ended = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters)
    missing = sorted(set(live) - keywords.keys())
    needed = {key for key, one in keywords.items() if one.default is inspect.Parameter.empty}
    if missing and not open_ended:
        raise ParamError(
            "{loss}: {method} of its module does not take the parameter {name!r} of its description.",
            loss=spec.title,
            method=name,
            name=missing[0],
        )
    unknown = sorted(needed - set(live))
    if unknown:
        raise ParamError(
            "{loss}: {method} of its module needs {name!r}, which is no live parameter of its description.",
            loss=spec.title,
            method=name,
            name=unknown[0],
        )
