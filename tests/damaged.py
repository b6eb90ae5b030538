"""Files as a fault of a disk or a broken transfer leaves them."""

from __future__ import annotations

import random
from collections.abc import Iterator


def damaged_copies(whole: bytes, count: int, most: int) -> Iterator[bytes]:
    """Yield copies with fewer than ``most`` changed bytes, every other one of them cut off."""
    random_ = random.Random(5)
    for number in range(count):
        damaged = bytearray(whole[: random_.randrange(len(whole))] if number % 2 else whole)
        for _ in range(random_.randrange(1, most)):
            if damaged:
                damaged[random_.randrange(len(damaged))] = random_.randrange(256)
        yield bytes(damaged)
