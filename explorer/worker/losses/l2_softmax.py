"""L2-constrained softmax.

Ranjan et al., "L2-constrained Softmax Loss for Discriminative Face Verification", 2017, eq. 3 with fixed α.
"""

from __future__ import annotations

from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses.angles import unit
from explorer.worker.losses.base import scalar, spread_weights
from explorer.worker.losses.softmax import LinearLoss


class L2Softmax(LinearLoss):
    """CE(α·w·unit(x) + b): softmax loss on features scaled to length α; weights are not normalised."""

    first_weight = staticmethod(spread_weights)

    def logits(self, embeddings: Tensor, _labels: Tensor, *, alpha: Tensor | float) -> Tensor:
        """Return α·w·unit(x) + b (n, C)."""
        return self.scores(embeddings, alpha=alpha)

    def scores(self, embeddings: Tensor, **params: Tensor | Value) -> Tensor:
        """Return α·w·unit(x) + b (n, C)."""
        features = unit(embeddings)
        alpha = scalar(params.get("alpha", self.live_defaults["alpha"]), features)
        return nn.functional.linear(alpha * features, self.weight, self.bias)
