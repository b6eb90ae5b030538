"""How much faster than the usual example script? Run by: python tests/benchmarks/usual_way.py

Both sides train a 2-D softmax on all 60,000 images of MNIST, on the CPU, with the same number of threads:

- the usual way: LeNet++ (`training.networks`), SGD at a rate of 0.01 with momentum 0.9, batches of 128
  out of a `DataLoader` over a `Dataset` that turns one image at a time into numbers and normalises it;
- our way: `Trainer` with its default settings.

Measured: images/s of either side, in slices that alternate within this process, and our seconds from an
untrained network to 97% of the 10,000 test images, checked every 50 steps; the checks are not timed. Also
measured: how many images the usual recipe needs to 97%. For that a fresh model trains, without being timed,
on images gathered our way, which is the same arithmetic without the loader. On two cores that takes a quarter
of an hour or more.

Extrapolated: the usual way's seconds to 97%, as images needed over images/s. With --images N the count is
taken as given instead of measured, and the printed line says so. Reading the files
is part of neither figure.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from explorer.core.settings.config import NetworkConfig, RunConfig
from explorer.worker.device.data import ResidentData
from explorer.worker.frames.probe import evaluate
from explorer.worker.training.networks import build_network
from explorer.worker.training.trainer import Trainer

TARGET = 0.97
BATCH = 128
CHECK_EVERY = 50
MEAN, SPREAD = 127.5, 128.0


class Samples(Dataset[tuple[Tensor, int]]):
    """MNIST as the examples read it: each image is converted and normalised when it is asked for."""

    def __init__(self, data: ResidentData) -> None:
        self.images, self.labels = data.train.images.numpy(), data.train.labels.tolist()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        image = torch.from_numpy(self.images[number]).float().unsqueeze(0)
        return (image - MEAN) / SPREAD, self.labels[number]


class UsualWay:
    """The example script: one model that ends in ten scores, and the textbook's loop."""

    def __init__(self, data: ResidentData) -> None:
        self.data = data
        torch.manual_seed(0)
        features = build_network(NetworkConfig(name="lenet++", dim=2), *data.train.images.shape[1:])
        self.pixels, self.model = features[0], nn.Sequential(*features[1:], nn.Linear(2, data.num_classes))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9)
        self.batches = self._load()

    def step(self) -> int:
        """Train on one batch from the loader; return its size."""
        return self._learn(*next(self.batches))

    def images_to_target(self) -> int:
        """Train a model of its own until the target; return the number of images that took."""
        other, seen = UsualWay(self.data), 0
        for step, index in enumerate(other._order(), start=1):
            pixels = other.pixels(self.data.train.images[index])
            seen += other._learn(pixels, self.data.train.labels[index])
            if step % CHECK_EVERY == 0:
                accuracy = other._accuracy()
                print(f"  usual recipe after {seen:,} images: {accuracy:.2%}", flush=True)
                if accuracy >= TARGET:
                    break
        return seen

    def _order(self) -> Iterator[Tensor]:
        while True:
            yield from torch.randperm(len(self.data.train)).split(BATCH)

    def _load(self) -> Iterator[tuple[Tensor, Tensor]]:
        loader = DataLoader(Samples(self.data), batch_size=BATCH, shuffle=True)
        while True:
            yield from loader

    def _learn(self, pixels: Tensor, labels: Tensor) -> int:
        self.optimizer.zero_grad()
        nn.functional.cross_entropy(self.model(pixels), labels).backward()
        self.optimizer.step()
        return len(labels)

    @torch.no_grad()
    def _accuracy(self) -> float:
        test = self.data.test
        scores = torch.cat([self.model(self.pixels(images)) for images in test.images.split(250)])
        return (scores.argmax(dim=1) == test.labels).float().mean().item()


def our_step(trainer: Trainer) -> int:
    """Train on one batch; return its size."""
    trainer.step()
    return trainer.batch


def our_seconds_to_target(config: RunConfig) -> tuple[float, int]:
    """Return our seconds of training to the target, and the images that took."""
    trainer, seconds = Trainer(config), 0.0
    while trainer.step_count % CHECK_EVERY or evaluate(trainer) < TARGET:
        start = time.perf_counter()
        trainer.step()
        seconds += time.perf_counter() - start
    return seconds, trainer.step_count * trainer.batch


def speed(step: Callable[[], int], seconds: float) -> tuple[int, float]:
    """Return images and seconds of steps that take at least some seconds."""
    images, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        images += step()
    return images, passed


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of training for either side's speed")
    parser.add_argument(
        "--images", type=int, help=f"images that the usual recipe needs to {TARGET:.0%}%, unmeasured"
    )
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    config = RunConfig().replace({"device": "cpu"})
    trainer = Trainer(config)
    usual = UsualWay(trainer.data)
    sides = {"usual": usual.step, "ours": lambda: our_step(trainer)}
    for step in sides.values():
        speed(step, 1.0)
    totals = {name: [0, 0.0] for name in sides}
    for _ in range(10):
        for name, step in sides.items():
            images, seconds = speed(step, options.seconds / 10)
            totals[name][0] += images
            totals[name][1] += seconds
    rates = {name: images / seconds for name, (images, seconds) in totals.items()}
    print(f"{torch.get_num_threads()} threads; measured, alternating, {options.seconds:g} s each:")
    print(f"  usual {rates['usual']:,.0f} images/s, ours {rates['ours']:,.0f} images/s")
    print(f"  ratio {rates['ours'] / rates['usual']:.1f}", flush=True)
    ours, seen = our_seconds_to_target(config)
    print(f"ours to {TARGET:.0%}, measured: {ours:.1f} s, {seen:,} images", flush=True)
    needed = options.images or usual.images_to_target()
    theirs = needed / rates["usual"]
    source = "given" if options.images else "measured"
    print(
        f"usual to {TARGET:.0%}, extrapolated from {needed:,} images ({source}) at its speed: {theirs:.0f} s"
    )
    print(f"  ratio of times {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
