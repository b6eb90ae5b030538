"""Orders of batches: what an epoch covers, and what a balanced batch holds."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from explorer.worker.training.sampling import balanced, shuffled


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def some_labels(size: int = 6000, classes: int = 10) -> Tensor:
    return torch.randint(classes, (size,), generator=generator(99))


def number_of_classes(labels: Tensor, order: Tensor) -> list[int]:
    return [len(labels[row].unique()) for row in order]


def test_shuffled_epoch_has_no_image_twice_and_every_batch_full() -> None:
    order = shuffled(generator(), some_labels(1000), 64)
    assert order.shape == (15, 64)
    assert len(order.unique()) == 15 * 64


@pytest.mark.parametrize("draw", [shuffled, balanced])
def test_order_follows_the_generator_and_nothing_else(draw) -> None:
    labels = some_labels()
    source = generator(5)
    first, second = draw(source, labels, 64), draw(source, labels, 64)
    torch.rand(3)  # somebody else uses chance
    assert torch.equal(draw(generator(5), labels, 64), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("draw", [shuffled, balanced])
def test_a_set_smaller_than_a_batch_makes_one_full_batch_of_all_its_images(draw) -> None:
    order = draw(generator(), torch.tensor([0, 1, 0, 1, 0, 1]), 16)
    assert order.shape == (1, 16)
    assert order.unique().tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("batch", [40, 64, 128, 256])
def test_balanced_batch_holds_every_class_equally(batch: int) -> None:
    labels = some_labels()
    order = balanced(generator(), labels, batch)
    assert order.shape == (6000 // batch, batch)
    for row in order:
        counts = labels[row].bincount(minlength=10)
        assert counts.min() == batch // 10
        assert counts.max() <= batch // 10 + 1
        assert len(row.unique()) == batch


@pytest.mark.parametrize(("batch", "classes"), [(4, 2), (8, 2), (16, 4), (32, 8), (39, 9)])
def test_a_small_batch_holds_fewer_classes_with_samples_enough(batch: int, classes: int) -> None:
    labels = some_labels()
    order = balanced(generator(), labels, batch)
    for row in order[:50]:
        counts = labels[row].bincount(minlength=10)
        assert (counts > 0).sum() == classes
        assert counts[counts > 0].min() == batch // classes
    assert len(labels[order].unique()) == 10


def test_classes_per_batch_can_be_chosen() -> None:
    labels = some_labels()
    assert set(number_of_classes(labels, balanced(generator(), labels, 60, classes_per_batch=3))) == {3}


def test_a_batch_of_two_meets_pairs_of_both_kinds() -> None:
    labels = some_labels()
    order = balanced(generator(), labels, 2)
    assert set(number_of_classes(labels, order)) == {1, 2}


def test_balanced_epoch_covers_nearly_all_images_where_classes_are_alike() -> None:
    labels = torch.arange(6000) % 10
    order = balanced(generator(), labels, 100)
    assert len(order.unique()) == 6000
    assert len(balanced(generator(), labels, 256).unique()) > 0.98 * 23 * 256


def test_a_rare_class_repeats_each_of_its_images_equally_often() -> None:
    labels = torch.cat([torch.zeros(990, dtype=torch.int64), torch.ones(10, dtype=torch.int64)])
    order = balanced(generator(), labels, 100)
    rare = order[labels[order] == 1].bincount(minlength=1000)[990:]
    assert rare.sum() == 500
    assert (rare == 50).all()
    common = order[labels[order] == 0].bincount(minlength=1000)[:990]
    assert common.max() == 1


def test_labels_without_images_are_left_out() -> None:
    labels = torch.tensor([1, 4, 7]).repeat(100)
    order = balanced(generator(), labels, 30)
    assert set(number_of_classes(labels, order)) == {3}
