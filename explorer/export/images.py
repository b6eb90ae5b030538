"""The images behind the points of a run, from its data set."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.data.datasets import Bytes, DatasetError, dataset_digest, load_dataset
from explorer.core.protocol.messages import TEST
from explorer.core.texts import text
from explorer.export.request import Request


def probe_images(request: Request, probe: ProbeSet) -> Bytes | None:
    """Return the images (n, height, width) of a run; None, and a notice, where its data set is not there."""
    header = request.recording.header
    data = header.config.data
    try:
        if header.data_digest and dataset_digest(data.source) != header.data_digest:
            request.notices.append(
                text(
                    "{source} has changed since this run: it is exported without images.", source=data.source
                )
            )
            return None
        dataset = load_dataset(data.source, data.subset, data.side)
    except DatasetError as error:
        request.notices.append(text("The run is exported without images. {problem}", problem=error))
        return None
    test, train = dataset.test.pixels, dataset.train.pixels
    images = np.empty((len(probe.split), *test.shape[1:]), np.uint8)
    tested = probe.split == TEST
    images[tested] = test[probe.indices[tested]]
    images[~tested] = train[probe.indices[~tested]]
    return images
