"""``python -m explorer.worker``: serve the protocol on standard input and output."""

import sys

from explorer.worker.loop import serve

sys.exit(serve())
