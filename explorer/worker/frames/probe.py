"""Probe: the images whose features are plotted, and how they are embedded."""

from __future__ import annotations

import time

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import DataConfig
from explorer.worker.device.data import UNSEEN, Split
from explorer.worker.device.devices import spare_cores
from explorer.worker.frames.model_copy import Model
from explorer.worker.frames.pace import BESIDE_SHARE, CUDA_SHARE
from explorer.worker.training.trainer import Trainer

_LADDER = (10_000, 5_000, 2_000, 1_000, 500, 200)
"""Numbers of test images to choose from; half as many training images are added."""
_AUTOMATIC_VALUES = 480_000
"""Most numbers in the features of a frame where the worker chooses: 15,000 images in 32 dimensions.

With more, frames would take long to send and to draw, and a recording soon reaches its limit.
"""
_MOST_VALUES = 8_000_000
"""Most numbers in the features of any frame: 32 MB, half of the longest message."""
_TARGET_SECONDS = 0.035
"""Maximum seconds of a snapshot where the worker chooses the number: for two frames per second."""
_BESIDE_SECONDS = BESIDE_SHARE / 2.5
"""The same on a spare core, for two or three frames per second."""
_CUDA_SECONDS = CUDA_SHARE / 30
"""The same on a GPU, for thirty frames per second."""
_AT_ONCE = 1000
"""Images that are damaged at once, in floating point: hundreds of kilobytes for each large one in colour."""


class Probe:
    """A fixed sample of test and training images, stratified by class, embedded without gradient.

    ``labels``, ``indices`` and ``split`` (n,) describe the rows: the test images first, then the training
    images. Images of classes left out of training are among them, but in no accuracy, loss or class mean;
    ``judged_count`` is the number of the other test images.

    All are damaged as training images are, so that features of both can be compared with the damage; none is
    moved. Test images are judged by their true labels; training images have those that are trained with.

    Parameters
    ----------
    trainer : Trainer
        Has the data set, and the numbers of images where they are set.
    chosen : int
        Number of test images where it is not set; 0 to measure how many are possible.
    """

    def __init__(self, trainer: Trainer, chosen: int = 0) -> None:
        data, config, dim = trainer.data, trainer.config.data, trainer.config.network.dim
        self.chosen = chosen = chosen or _affordable(trainer)
        wanted = config.test_probe or chosen, config.train_probe or chosen // 2
        test_images, train_images = _limited(wanted, (len(data.test), len(data.train)), _MOST_VALUES // dim)
        test = _sample(data.test, test_images, trainer.config.seed)
        train = _sample(data.train, train_images, trainer.config.seed)
        self.test_count = len(test)
        self.indices = np.concatenate([test, train]).astype(np.int32)
        self.split = np.repeat(np.array([TEST, TRAIN], np.uint8), [len(test), len(train)])
        on_device = [torch.from_numpy(rows).to(trainer.device) for rows in (test, train)]
        self._places = on_device
        self._whole = torch.cat([data.test.images[on_device[0]], data.train.images[on_device[1]]])
        labels, targets = (
            torch.cat([first[on_device[0]], second[on_device[1]]])
            for first, second in (
                (data.test.labels, data.train.labels),
                (data.test.targets, data.train.targets),
            )
        )
        self.labels = labels.cpu().numpy().astype(data.label_type)
        # Positions, because a mask would wait for the device.
        self._judged = None if data.train.trained is None else (targets != UNSEEN).nonzero()[:, 0]
        self._targets = targets
        self.judged_count = int((targets[: self.test_count] != UNSEEN).sum())
        self._images, self._of = self._whole, DataConfig()
        self.follow(trainer)

    def follow(self, trainer: Trainer) -> None:
        """Damage and label the images as the trainer does now; nothing may be embedding them meanwhile."""
        stressors, config = trainer.stressors, trainer.config.data
        if config == self._of:
            return
        self._of = config
        self._targets = torch.cat([self._targets[: self.test_count], stressors.targets[self._places[1]]])
        self._images = self._whole
        if stressors.damages:
            self._images = torch.empty_like(self._whole)
            plain, damaged = (
                images.tensor_split([self.test_count]) for images in (self._whole, self._images)
            )
            for split, *parts in zip((TEST, TRAIN), plain, damaged, self._places, strict=True):
                blocks = (torch.split(part, _AT_ONCE) for part in parts)
                for before, after, places in zip(*blocks, strict=True):
                    after.copy_(stressors.damaged(split, before, places))

    @torch.no_grad()
    def take(self, model: Model) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the features (n, d) and scalars (0-dim) derived from them, without waiting for the device.

        The scalars are ``test_accuracy``, ``margin_accuracy`` where the loss has a margin and, before the
        first step, those that the meters provide later.
        """
        features = model.embed(self._images)
        self.show_means(model, features)
        judged, targets = self._of_trained(features)
        right = model.scores(judged).argmax(dim=1) == targets
        scalars = {"test_accuracy": right[: self.judged_count].float().mean()}
        trained = slice(self.judged_count, None)
        if model.loss.has_margin:
            strict = model.loss.margin_logits(judged[trained], targets[trained], **model.live)
            scalars["margin_accuracy"] = (strict.argmax(dim=1) == targets[trained]).float().mean()
        if model.step_count == 0:
            terms = model.loss.compute(judged[trained], targets[trained], **model.live)
            scalars["loss"] = torch.stack(list(terms.values())).sum()
            scalars |= {f"loss.{name}": value for name, value in terms.items()}
            scalars["train_accuracy"] = right[trained].float().mean()
        return features, scalars

    def part(self, rows: NDArray[np.integer]) -> tuple[Tensor, Tensor]:
        """Return the images (k, …) of these rows, and their targets (k,): −1 for a class left out."""
        place = torch.from_numpy(rows.astype(np.int64)).to(self._targets.device)
        return self._images[place], self._targets[place]

    @property
    def targets(self) -> NDArray[np.int64]:
        """What a loss trains with (n,): the place of each class among those trained on, −1 for the others."""
        found: NDArray[np.int64] = self._targets.cpu().numpy()
        return found

    def show_means(self, model: Model, features: Tensor) -> None:
        """Give the features (n, d) of the training images to a loss that may classify by class means."""
        judged, targets = self._of_trained(features)
        trained = slice(self.judged_count, None)
        model.loss.set_means(judged[trained], targets[trained], **model.live)

    def _of_trained(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return those of the features (n, d) that are of classes trained on, and their targets."""
        if self._judged is None:
            return features, self._targets
        return features[self._judged], self._targets[self._judged]


def stratified(labels: NDArray[np.integer], count: int, seed: int) -> NDArray[np.int64]:
    """Return ``count`` sorted row numbers (or all), in the class proportions of ``labels`` to within one."""
    if count >= len(labels):
        return np.arange(len(labels))
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    picks = ((np.arange(count) + 0.5) * len(labels) / count).astype(np.int64)
    return np.sort(by_class[picks])


def _sample(split: Split, count: int, seed: int) -> NDArray[np.int64]:
    """Return ``count`` rows of a split, stratified; some are of classes trained on, which have figures."""
    shown = split.shown.cpu().numpy()
    rows = shown[stratified(split.labels.cpu().numpy()[shown], count, seed)]
    if split.trained is None or (split.targets.cpu().numpy()[rows] != UNSEEN).any():
        return rows
    trained = split.trained.cpu().numpy()
    return trained[stratified(split.of_trained(split.labels).cpu().numpy(), count, seed)]


def _limited(wanted: tuple[int, int], there: tuple[int, int], most: int) -> tuple[int, int]:
    """Return how many test and training images to plot: those ``wanted`` and there, ``most`` in all."""
    test, train = (min(pair) for pair in zip(wanted, there, strict=True))
    if test + train <= most:
        return wanted
    share = most / (test + train)
    return max(1, int(share * test)), max(1, int(share * train))


def evaluate(trainer: Trainer) -> float:
    """Return the accuracy over all test images of the classes trained on, damaged as training images are."""
    test = trainer.data.test
    features = _features(trainer, test)
    right = trainer.scores(features).argmax(dim=1) == test.of_trained(test.targets)
    return right.float().mean().item()


def _features(trainer: Trainer, test: Split) -> Tensor:
    """Return the features of all test images of the classes trained on."""
    if not trainer.stressors.damages:
        return trainer.embed(test.of_trained(test.images))
    places = test.of_trained(torch.arange(len(test), device=trainer.device))
    parts = (
        trainer.embed(trainer.stressors.damaged(TEST, test.images[some], some))
        for some in torch.split(places, _AT_ONCE)
    )
    return torch.cat(list(parts))


def _affordable(trainer: Trainer) -> int:
    """Return the largest number of test images whose snapshot stays within the target time, as measured.

    A GPU takes as long for a few hundred images as for one, so there all images are used to measure.
    """
    config = trainer.config.data
    if config.test_probe and config.train_probe:
        return config.test_probe
    cuda = trainer.device.type == "cuda"
    beside = trainer.device.type == "cpu" and spare_cores() > 0
    sample = trainer.data.test.images[: _LADDER[0] if cuda else 500]
    target = _CUDA_SECONDS if cuda else _BESIDE_SECONDS if beside else _TARGET_SECONDS
    trainer.embed(sample)
    each = min(_seconds(trainer, sample) for _ in range(3)) / len(sample)
    most = min(target / each, _AUTOMATIC_VALUES / trainer.config.network.dim)
    return next((count for count in _LADDER if 1.5 * count <= most), _LADDER[-1])


def _seconds(trainer: Trainer, images: Tensor) -> float:
    start = time.perf_counter()
    trainer.embed(images).sum().item()
    return time.perf_counter() - start
