"""Descriptions of the settings that are not a loss': network, optimiser, data and the run itself."""

from __future__ import annotations

from explorer.core.params import Param

NETWORK = (
    Param(
        name="name",
        label="Network",
        kind="choice",
        default="compact",
        choices=("compact", "lenet++", "mlp"),
        effect="restart",
        help="compact: three strided convolutions, fast on two cores; lenet++: the network of the "
        "centre-loss "
        "paper (Wen et al. 2016), about forty times the work; mlp: two hidden layers.",
    ),
    Param(
        name="dim",
        label="Dimension",
        kind="int",
        default=2,
        min=2,
        max=3,
        step=1,
        symbol="d",
        effect="restart",
        help="Number of coordinates of a feature.",
    ),
    Param(
        name="relu",
        label="ReLU on the feature",
        kind="bool",
        default=False,
        effect="restart",
        help="Confines the features to the quadrant where no coordinate is negative, so that no two of them "
        "are "
        "more than 90° apart.",
    ),
)

OPTIMIZER = (
    Param(
        name="name",
        label="Optimiser",
        kind="choice",
        default="sgd",
        choices=("sgd", "adamw"),
        effect="restart",
        help="sgd: stochastic gradient descent with Nesterov momentum; adamw: Adam with decoupled weight "
        "decay.",
    ),
    Param(
        name="rate",
        label="Learning rate",
        default=0.1,
        min=1e-5,
        max=10.0,
        step=0.01,
        log=True,
        symbol="η",
        help="Length of a step along the gradient, before warm-up and schedule.",
    ),
    Param(
        name="momentum",
        label="Momentum",
        default=0.9,
        min=0.0,
        max=0.999,
        step=0.01,
        symbol="μ",
        help="Share of the last step that the next one keeps; AdamW's first beta.",
    ),
    Param(
        name="weight_decay",
        label="Weight decay",
        default=5e-4,
        min=0.0,
        max=1.0,
        step=1e-4,
        help="Pull of the network's weights towards zero.",
    ),
    Param(
        name="batch",
        label="Batch",
        kind="int",
        default=128,
        min=2,
        max=8192,
        step=32,
        log=True,
        unit="images",
        effect="restart",
        help="Images in a step.",
    ),
    Param(
        name="warmup",
        label="Warm-up",
        kind="int",
        default=60,
        min=0,
        max=100_000,
        step=10,
        unit="steps",
        help="Steps over which the learning rate rises from zero.",
    ),
    Param(
        name="schedule",
        label="Schedule",
        kind="choice",
        default="cosine",
        choices=("constant", "cosine"),
        help="constant: the learning rate stays; cosine: it falls along half a cosine to a tenth, and "
        "stays there.",
    ),
    Param(
        name="horizon",
        label="Horizon",
        default=2.0,
        min=0.1,
        max=1000.0,
        step=1.0,
        log=True,
        unit="epochs",
        help="Epochs over which the cosine schedule falls.",
    ),
)

DATA = (
    Param(
        name="source",
        label="Data set",
        kind="text",
        default="mnist",
        effect="restart",
        help="mnist, or a folder with four IDX files named as MNIST's.",
    ),
    Param(
        name="classes",
        label="Classes",
        kind="int",
        default=10,
        min=2,
        max=1000,
        step=1,
        symbol="C",
        effect="restart",
        help="How many classes the data set has; a label outside 0 to C − 1 is an error.",
    ),
    Param(
        name="subset",
        label="Use the first",
        kind="int",
        default=0,
        min=0,
        max=1000,
        step=1,
        unit="classes",
        effect="restart",
        help="Trains on the classes of the first labels only, as some papers' figures do; 0 uses all.",
    ),
    Param(
        name="test_probe",
        label="Test points",
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=500,
        unit="images",
        effect="restart",
        help="Test images shown in the plots and behind the test accuracy while training, stratified by "
        "class; "
        "0 lets the worker choose so that showing costs at most a tenth of training.",
    ),
    Param(
        name="train_probe",
        label="Training points",
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=500,
        unit="images",
        effect="restart",
        help="Training images shown in the plots, stratified by class; 0 lets the worker choose.",
    ),
    Param(
        name="probe_every",
        label="Steps between frames",
        kind="int",
        default=0,
        min=0,
        max=1_000_000,
        step=1,
        unit="steps",
        help="0 lets the worker choose by the clock; a number makes every such step a frame.",
    ),
)

RUN = (
    Param(
        name="seed",
        label="Seed",
        kind="int",
        default=0,
        min=0,
        max=2**31 - 1,
        step=1,
        effect="restart",
        help="Same seed, settings and number of threads on the same CPU give the same run, bit for bit.",
    ),
    Param(
        name="device",
        label="Device",
        kind="choice",
        default="auto",
        choices=("auto", "cpu", "cuda", "mps"),
        effect="restart",
        help="Where to train; auto takes the fastest there is.",
    ),
    Param(
        name="threads",
        label="CPU threads",
        kind="int",
        default=0,
        min=0,
        max=256,
        step=1,
        effect="restart",
        help="Threads that train on the CPU; 0 takes every core, or where a window watches the number that "
        "is fastest here of at most one less: a step waits for its slowest thread, and painting would hold "
        "one up.",
    ),
)

SECTIONS: dict[str, tuple[Param, ...]] = {"network": NETWORK, "optimizer": OPTIMIZER, "data": DATA}
"""Settings by the section of the configuration that holds them; a loss' own stand in the catalogue."""
