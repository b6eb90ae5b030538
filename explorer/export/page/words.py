"""The words of a page in every language of the program: labels, settings, and what happened in the run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.analysis.frames.setting_changes import value_text
from explorer.analysis.quality.stress import DAMAGE_TEXTS
from explorer.core.languages import LANGUAGES, translations
from explorer.core.params import Param, Value
from explorer.core.settings.config import RunConfig, find_param, flatten, usual_values
from explorer.core.texts import N_, Text, _, rendered_with

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": N_("Accuracy"),
        "bands": N_("Margin bands"),
        "bandsBend": N_("no margin bands: a page has only those with straight edges"),
        "blur": DAMAGE_TEXTS["blur"],
        "classOf": N_("Class {label}"),
        "classes": N_("Classes"),
        "classesHelp": N_("Click a class to hide or show it, double-click to show only it."),
        "classCentres": N_("Class centres"),
        "classMeans": N_("Class means"),
        "classWeights": N_("Class weights"),
        "command": N_("Command"),
        "copied": N_("Copied"),
        "copy": N_("Copy"),
        "contrast": DAMAGE_TEXTS["contrast"],
        "copyLink": N_("Copy link to this step"),
        "credit": N_("Images: {title} by {authors} ({licence})"),
        "crosses": N_("crosses: wrong labels"),
        "curves": N_("Curves"),
        "damaged": N_("This page is damaged and cannot be shown: export it again."),
        "dark": N_("Dark"),
        "default": N_("Default"),
        "epoch": N_("epoch {epoch}"),
        "errors": N_("Errors"),
        "events": N_("What happened"),
        "features": N_("Features"),
        "fit": N_("Fit"),
        "framesShown": N_("{shown:,} of {count:,} frames"),
        "happened": N_("Step {step:,}: {text}"),
        "light": N_("Light"),
        "loss": N_("Loss"),
        "nextFrame": N_("Next frame"),
        "noise": DAMAGE_TEXTS["noise"],
        "noImages": N_("The images of this run were not available."),
        "noneShown": N_("no images shown"),
        "noPrediction": N_("predicted: none"),
        "noRegions": N_("no decision regions: the page cannot compute this classifier"),
        "notFinite": N_("features that are not finite: {count}"),
        "occlusion": DAMAGE_TEXTS["occlusion"],
        "oldBrowser": N_("This browser cannot show the page: use a version from 2023 or later."),
        "pause": N_("Pause"),
        "play": N_("Play"),
        "predicted": N_("predicted: {label}"),
        "previousFrame": N_("Previous frame"),
        "projected": N_(
            "a projection of {dim}-D onto the three principal components of the last frame (share of the "
            "spread: {share}%); true angles and distances differ from those seen"
        ),
        "regions": N_("Regions"),
        "regionsHidden": N_("regions hidden: they depend on ‖x‖"),
        "regionsOnSphere": N_("regions are shown at unit length"),
        "rerun": N_("Run it again"),
        "rerunChanges": N_(
            "Settings changed during this run. The script that --format script exports changes them at the "
            "same steps."
        ),
        "rerunHelp": N_("The same seed and settings give the same run on the same CPU."),
        "ringsLeftOut": N_("rings: left out of training"),
        "setting": N_("Setting"),
        "settings": N_("Settings"),
        "settingsHelp": N_(
            "At the start of the run; bold where they differ from the default. Drop this page on the window "
            "of Loss Explorer to take them over."
        ),
        "showAll": N_("Show all"),
        "speed": N_("Speed"),
        "step": N_("step {step:,}"),
        "test": N_("Test images"),
        "testImage": N_("Test image {index:,}"),
        "testAccuracy": N_("Test accuracy"),
        "testOf": N_("{shown:,} of {count:,} test images"),
        "timeline": N_("Timeline"),
        "toml": N_("Settings file"),
        "train": N_("Training images"),
        "trainAccuracy": N_("Training accuracy"),
        "trainImage": N_("Training image {index:,}"),
        "trainOf": N_("{shown:,} of {count:,} training images"),
        "unitLength": N_("Unit length"),
        "value": N_("Value"),
        "weightArrows": N_("weight arrows: relative lengths"),
        "wrongLabel": N_("wrong label: {label}"),
        "written": N_("Written by Loss Explorer {version}"),
        "zoomHelp": N_("Drag or Shift+arrow keys to move, wheel or + and − to zoom, 0 to fit"),
        "turnHelp": N_("Drag or Shift+arrow keys to turn, wheel or + and − to zoom, 0 to fit"),
    }
)
"""Message ids by the names that the scripts of the page use."""


def words(name: str, config: RunConfig, happened: list[Text]) -> dict[str, dict[str, object]]:
    """Return the words of the page by language.

    ``name`` is that of the run, which may be empty; ``happened`` are the texts of its marks.

    Raises
    ------
    ResourceError
        If the installation lacks a catalogue.
    """
    result: dict[str, dict[str, object]] = {}
    for language, title in LANGUAGES.items():
        with rendered_with(translations(language)):
            result[language] = {
                "language": title,
                "title": name or _(config.loss.spec.title),
                "loss": _(config.loss.spec.title),
                "summary": _(config.loss.spec.summary),
                "labels": {key: _(message) for key, message in _LABELS.items()},
                "settings": settings_rows(config),
                "marks": [str(text) for text in happened],
            }
    return result


def settings_rows(config: RunConfig) -> list[tuple[str, str, str, bool]]:
    """Return label, value, default and whether they differ, of each setting, in the language in force."""
    usual = usual_values(config)
    rows = [(_("Loss function"), _(config.loss.spec.title), "", False)]
    for name, value in flatten(config).items():
        if name != "loss.name":
            param = find_param(name, config.loss.spec)
            shown, default = _with_unit(param, value), _with_unit(param, usual[name])
            rows.append((f"{_(param.label)} {param.symbol}".rstrip(), shown, default, value != usual[name]))
    return rows


def _with_unit(param: Param, value: Value) -> str:
    shown = value_text(param, value)
    return f"{shown} {_(param.shown_unit)}" if param.shown_unit and isinstance(shown, str) else str(shown)
