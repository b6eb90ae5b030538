"""``python -m explorer.worker``: serve the protocol on standard input and output."""

import sys

from explorer.worker.entry import main

sys.exit(main())
