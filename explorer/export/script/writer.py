"""The run as a script: network, loss, batches and schedule from their sources, settings as constants."""

from __future__ import annotations

import ast
import json
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from explorer.core.data.datasets import data_place
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Effect, Value
from explorer.core.settings.config import OptimizerConfig, RunConfig
from explorer.export.files import ExportError, new_files
from explorer.export.request import Request
from explorer.export.script.bundle import Bundle, Part
from explorer.export.script.history import History
from explorer.export.script.losses import BASE, loss_class, overrides
from explorer.export.script.modules import Imported, Symbol, module, resolve
from explorer.export.script.template import fill
from explorer.export.sharing import without_home

_NETWORKS = "explorer.worker.training.networks"
_SAMPLING = "explorer.worker.training.sampling"
_RATE = Symbol("explorer.worker.training.optimization", "rate_at")
_OPTIMIZER = Symbol(OptimizerConfig.__module__, OptimizerConfig.__name__)
_OWN_IMPORTS = [
    Imported(origin, name).statement(name or origin)
    for origin, name in (
        ("argparse", ""),
        ("gzip", ""),
        ("struct", ""),
        ("sys", ""),
        ("torch", ""),
        ("collections.abc", "Mapping"),
        ("pathlib", "Path"),
        ("torch", "Tensor"),
        ("torch", "nn"),
        ("typing", "Any"),
        ("typing", "NamedTuple"),
    )
]
"""Imports of the template."""
_HOOKS = ("schedule", "end_epoch", "set_means")
"""Methods of a loss that the script calls only where it has them."""
_OF_SCHEDULE = ("rate", "momentum", "weight_decay", "warmup", "schedule", "horizon")
"""Settings of the optimiser that may change while a run goes on."""
_MNIST = "MNIST"
_WIDTH = 110


def write_script(request: Request) -> list[Path]:
    """Write a run as a script that trains it from the seed, up to the step that is asked for.

    Settings that changed while it ran change at the same steps. Where the loss did, the script trains with
    the last one from the start, and says so.
    """
    _check_data(request)
    history = History.of(request.recording, request.frames().numbers[-1])
    with new_files([request.out], force=request.force) as (target,):
        target.write_text(script_of(history, request.out.name), "utf-8")
    request.notices.extend(history.notices)
    return [request.out]


def _check_data(request: Request) -> None:
    """Refuse data sets that a script cannot read: those that are not just four IDX files."""
    source = request.recording.header.config.data.source
    if request.recording.started.data.notes or data_place(source).suffix:
        raise ExportError(
            "A script can only read the four IDX files of a data set: this run was trained on {source}.",
            source=source,
        )


def script_of(history: History, file: str) -> str:
    """Return the script of a run, which is called ``file``.

    Raises
    ------
    ExportError
        If the source of its loss is not installed.
    """
    config = history.config
    loss, network = loss_class(config.loss.spec), _network(config.network.name)
    draw = Symbol(_SAMPLING, "balanced" if config.loss.spec.balanced else "shuffled")
    hooks = {name for name in _HOOKS if overrides(loss, name)}
    bundle = Bundle(
        given=[_OPTIMIZER],
        replaced={(BASE, "live_defaults"): "    live_defaults = LOSS"},
    )
    bundle.add(network)
    bundle.add_class(loss, {"__init__", "terms", "scores", *hooks})
    bundle.add(draw)
    bundle.add(_RATE)
    parts = bundle.parts()
    flags = {
        "mnist": _is_mnist(config),
        "selected": len(config.data.trained) < config.data.classes,
        "relu": config.network.relu,
        "automatic": history.first.device == RunConfig().device,
        "notices": bool(history.notices),
        "changes": bool(history.changes),
        config.optimizer.name: True,
    }
    names = {
        "imports": _imports([*_OWN_IMPORTS, *bundle.imports]),
        "parts": "\n\n\n".join(map(_section, parts)),
        "network": bundle.name(network),
        "loss_class": bundle.name(loss),
        "restart": "".join(f", {name}={value!r}" for name, value in _values(config, "restart").items()),
        "draw": bundle.name(draw),
    }
    on = hooks | {name for name, holds in flags.items() if holds}
    return fill(on, {**_about(history, file), **_settings(history), **names})


def _about(history: History, file: str) -> dict[str, object]:
    """Return what the docstring of the script says."""
    config, spec = history.config, history.config.loss.spec
    said = {
        "title": spec.title,
        "data": _MNIST if _is_mnist(config) else data_place(config.data.source).name,
        "version": history.version,
        "about": _filled([spec.summary, _citation(spec)]),
        "formula": spec.formula,
        "file": file,
        "notices": _filled(map(str, history.notices)),
    }
    return {name: words.replace("\\", "\\\\").replace('"', '\\"') for name, words in said.items()}


def _settings(history: History) -> dict[str, object]:
    """Return the settings of the run at its start, and those that changed."""
    config, optimizer = history.first, history.first.optimizer
    changes = (
        f"    {step}: ({_literal(_values(after, 'live'))}, OptimizerConfig({_schedule(after)})),"
        for step, after in history.changes
    )
    return {
        "seed": config.seed,
        "steps": history.steps,
        "epochs": f"{history.epochs:.3g}",
        "batch": optimizer.batch,
        "classes": len(config.data.trained),
        "selected": list(config.data.trained),
        "dim": config.network.dim,
        "mean": history.mean,
        "spread": history.spread,
        "device": config.device,
        "source": json.dumps(without_home(str(data_place(config.data.source)))),
        "loss": _literal(_values(config, "live")),
        "changes": "\n".join(changes),
        **{name: getattr(optimizer, name) for name in _OF_SCHEDULE},
    }


def _is_mnist(config: RunConfig) -> bool:
    return config.data.source == RunConfig().data.source


def _citation(spec: LossSpec) -> str:
    paper = spec.paper
    if paper is None:
        return ""
    arxiv = f" arXiv {paper.arxiv}." if paper.arxiv else ""
    return f'{paper.authors}, "{paper.title}", {paper.venue}.{arxiv}'


def _filled(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(textwrap.fill(one, _WIDTH, break_long_words=False) for one in paragraphs if one)


def _schedule(config: RunConfig) -> str:
    return ", ".join(f"{name}={getattr(config.optimizer, name)!r}" for name in _OF_SCHEDULE)


def _values(config: RunConfig, effect: Effect) -> dict[str, Value]:
    """Return the parameters of the loss that act live, or after a restart."""
    return {p.name: config.loss.params[p.name] for p in config.loss.spec.params if p.effect == effect}


def _literal(values: Mapping[str, Value]) -> str:
    """Return a mapping as code, in double quotes."""
    entries = ", ".join(
        f'"{name}": {json.dumps(value) if isinstance(value, str) else repr(value)}'
        for name, value in values.items()
    )
    return f"{{{entries}}}"


def _network(name: str) -> Symbol:
    """Return the function that yields the layers of a network, from the table of the trainer."""
    table = module(_NETWORKS).value("_NETWORKS")
    assert isinstance(table, ast.Dict)
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == name and isinstance(value, ast.Name):
            found = resolve(Symbol(_NETWORKS, value.id))
            assert isinstance(found, Symbol)
            return found
    raise KeyError(name)


def _section(part: Part) -> str:
    """Return the definitions of a module below its docstring as a comment."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in part.summary.splitlines())
    return f"{comment}\n{part.text}"


def _imports(statements: Iterable[str]) -> str:
    """Return import statements merged by module, those of the standard library first."""
    whole: set[str] = set()
    names: dict[str, set[str]] = {}
    for statement in statements:
        if statement.startswith("from "):
            origin, _, listed = statement.removeprefix("from ").partition(" import ")
            names.setdefault(origin, set()).update(listed.split(", "))
        else:
            whole.add(statement)
    lines = sorted(whole) + [f"from {one} import {', '.join(sorted(names[one]))}" for one in sorted(names)]
    others = [line for line in lines if not _is_standard(line.split()[1])]
    return "\n".join(line for line in lines if line not in others) + "\n\n" + "\n".join(others)


def _is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names
