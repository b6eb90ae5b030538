"""What watching costs: python tests/benchmarks/watching.py [seconds] [rounds] [setting=value ...].

Training without frames and drawing against training with both, in turns in one window with a real worker. On
Linux a virtual screen will do: Xvfb :7 -screen 0 1366x768x24 & DISPLAY=:7 python tests/benchmarks/watching.py
"""

import sys

import msgspec

from explorer.bench.watching_cost import measure
from explorer.core.settings.config import RunConfig


def main(arguments: list[str]) -> None:
    settings = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    numbers = [float(argument) for argument in arguments if "=" not in argument]
    seconds, rounds = (numbers + [8.0, 3.0][len(numbers) :])[:2]
    cost = measure(seconds, int(rounds), RunConfig().replace({"device": "cpu", **settings}))
    for name, value in msgspec.structs.asdict(cost).items():
        print(f"{name:16} {value:10,.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
