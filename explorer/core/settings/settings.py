"""Descriptions of all settings except those of losses: network, optimiser, data and the run itself."""

from __future__ import annotations

from explorer.core.params import Param
from explorer.core.settings.network import NETWORK
from explorer.core.settings.stressors import STRESSORS
from explorer.core.texts import N_

OPTIMIZER = (
    Param(
        name="name",
        label=N_("Optimiser"),
        kind="choice",
        default="sgd",
        choices=("sgd", "adamw"),
        titles=("SGD", "AdamW"),
        effect="restart",
        help=N_(
            "SGD: stochastic gradient descent with Nesterov momentum. AdamW: Adam with decoupled "
            "weight decay."
        ),
    ),
    Param(
        name="rate",
        label=N_("Learning rate"),
        default=0.1,
        default_by=("name", (("adamw", 0.01),)),
        min=1e-5,
        max=10.0,
        step=0.01,
        log=True,
        symbol="η",
        help=N_("Base step size, before warm-up and schedule."),
    ),
    Param(
        name="momentum",
        label=N_("Momentum"),
        default=0.9,
        min=0.0,
        max=0.999,
        step=0.01,
        symbol="μ",
        help=N_("Fraction of the previous update carried over (AdamW: β₁)."),
    ),
    Param(
        name="weight_decay",
        label=N_("Weight decay"),
        default=5e-4,
        min=0.0,
        max=1.0,
        step=1e-4,
        help=N_("Shrinks the network's weights towards zero."),
    ),
    Param(
        name="batch",
        label=N_("Batch size"),
        kind="int",
        default=128,
        min=2,
        max=8192,
        step=32,
        log=True,
        unit=N_("images"),
        effect="restart",
        help=N_("Images per step."),
    ),
    Param(
        name="warmup",
        label=N_("Warm-up"),
        kind="int",
        default=60,
        min=0,
        max=100_000,
        step=10,
        unit=N_("steps"),
        help=N_("Steps over which the learning rate rises from zero."),
    ),
    Param(
        name="schedule",
        label=N_("Schedule"),
        kind="choice",
        default="cosine",
        choices=("constant", "cosine"),
        titles=(N_("Constant"), N_("Cosine decay")),
        help=N_("Constant; or cosine decay to one tenth, then constant."),
    ),
    Param(
        name="horizon",
        label=N_("Decay length"),
        default=2.0,
        min=0.1,
        max=1000.0,
        step=1.0,
        log=True,
        unit=N_("epochs"),
        help=N_("Length of the cosine decay, in epochs."),
    ),
)

DATA = (
    Param(
        name="source",
        label=N_("Data set"),
        aliases=("dataset",),
        kind="text",
        default="mnist",
        effect="restart",
        help=N_(
            "A data set by its name, such as mnist, a folder with IDX files, an .npz or .csv file, or a "
            "folder with a folder of pictures for each class."
        ),
    ),
    Param(
        name="size",
        label=N_("Picture size"),
        kind="choice",
        default="28",
        choices=("28", "32", "64"),
        unit=N_("pixels"),
        effect="restart",
        help=N_("Height and width to which pictures in folders are resized; other data sets keep theirs."),
    ),
    Param(
        name="classes",
        label=N_("Classes"),
        kind="int",
        default=10,
        min=2,
        max=1000,
        step=1,
        log=True,
        symbol="C",
        effect="restart",
        help=N_("Number of classes. The data set determines it."),
    ),
    Param(
        name="subset",
        label=N_("Classes used"),
        kind="int",
        default=0,
        min=0,
        max=1000,
        step=1,
        unit=N_("classes"),
        effect="restart",
        log=True,
        zero=N_("All"),
        help=N_("Train on the first k classes only, as some papers do."),
    ),
    Param(
        name="left_out",
        label=N_("Classes left out"),
        kind="classes",
        default="",
        effect="restart",
        help=N_(
            "Classes that are never trained on, such as 5-9. Their images are still plotted, so that you can "
            "see how well the features work for classes that the network has never seen."
        ),
    ),
    Param(
        name="test_probe",
        label=N_("Test points"),
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=500,
        unit=N_("images"),
        effect="restart",
        help=N_(
            "Number of test images plotted and used for the live test accuracy, class-balanced. Automatic "
            "keeps the overhead below 10%, with fewer images above 32 dimensions."
        ),
        zero=N_("Automatic"),
    ),
    Param(
        name="train_probe",
        label=N_("Training points"),
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=500,
        unit=N_("images"),
        effect="restart",
        zero=N_("Automatic"),
        help=N_("Number of training images plotted, class-balanced."),
    ),
    Param(
        name="probe_every",
        label=N_("Steps between frames"),
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=1,
        unit=N_("steps"),
        help=N_(
            "One frame every N steps; it is skipped while the window still draws the one before. Automatic: "
            "as often as is smooth."
        ),
        zero=N_("Automatic"),
    ),
)

RUN = (
    Param(
        name="seed",
        label=N_("Seed"),
        kind="int",
        default=0,
        min=0,
        max=2**31 - 1,
        step=1,
        effect="restart",
        help=N_(
            "The same seed, settings and number of threads on the same CPU give the same run, bit for bit."
        ),
    ),
    Param(
        name="device",
        label=N_("Device"),
        aliases=("gpu", "cpu", "cuda"),
        kind="choice",
        default="auto",
        choices=("auto", "cpu", "cuda", "mps"),
        titles=(N_("Automatic"), "CPU", "CUDA", "MPS"),
        effect="restart",
        help=N_("Device used for training. Automatic picks the fastest available."),
    ),
    Param(
        name="threads",
        label=N_("CPU threads"),
        kind="int",
        default=0,
        min=0,
        max=256,
        step=1,
        effect="restart",
        help=N_("CPU threads used for training. Automatic leaves one core free for the window."),
        zero=N_("Automatic"),
    ),
)

SECTIONS = {"network": NETWORK, "optimizer": OPTIMIZER, "data": DATA + STRESSORS}
"""Settings by section of the configuration; the parameters of losses are in the catalogue."""
