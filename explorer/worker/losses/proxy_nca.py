"""Proxy-NCA.

Movshovitz-Attias et al., "No Fuss Distance Metric Learning using Proxies", ICCV 2017, eq. 4.
"""

from __future__ import annotations

from torch import Tensor

from explorer.core.texts import N_
from explorer.worker.losses.angles import CosineLoss
from explorer.worker.losses.attribution import by_class
from explorer.worker.losses.base import Terms
from explorer.worker.losses.masked import logsumexp_of_others


class ProxyNCA(CosineLoss):
    """−ln(e^{−D_y}/Σ_{j≠y} e^{−D_j}), D the squared distance of unit feature and unit proxy.

    The proxy of the true class is not in the denominator, so the loss can be negative. ``weight`` (C, d) are
    the proxies.
    """

    def terms(self, embeddings: Tensor, labels: Tensor) -> Terms:
        """Return the only term."""
        # D = 2 − 2cos θ, and the constant 2 cancels in the ratio.
        closeness = by_class(2 * self.scores(embeddings), labels)
        own = closeness.gather(1, labels[:, None])[:, 0]
        return {N_("proxy"): (logsumexp_of_others(closeness, labels) - own).mean()}
