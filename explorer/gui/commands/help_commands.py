"""Commands of the menu Help: theory, labs, tours, challenges, predictions, and the About box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.core.texts import N_
from explorer.gui.about import show_about
from explorer.gui.commands.command import Command, Menu
from explorer.gui.commands.command_state import has_result, is_challenged, is_guided, is_toured

if TYPE_CHECKING:
    from explorer.gui.app import App


def help_entries() -> tuple[Menu | Command[App], ...]:
    """Return the menu and its commands."""
    return (
        Menu("help", N_("&Help")),
        Command(
            id="help.search",
            text=N_("&Search help…"),
            tip=N_("Search topics, losses, common mistakes, labs, tours, challenges and presets."),
            shortcuts=("Ctrl+Shift+F",),
            menu="help",
            group="theory",
            calls=lambda app: app.window.show_theory().start_search(),
        ),
        Command(
            id="help.loss",
            text=N_("&Theory of this loss"),
            tip=N_("Explain the current loss: idea, formula, strengths and weaknesses."),
            menu="help",
            group="theory",
            calls=lambda app: app.window.show_theory().show_loss(),
        ),
        Command(
            id="help.contents",
            text=N_("&Contents"),
            tip=N_("List all topics, losses, common mistakes and worked numbers."),
            aliases=("manual", "documentation"),
            menu="help",
            group="theory",
            calls=lambda app: app.window.show_theory().show_contents(),
        ),
        Command(
            id="labs.open",
            text=N_("&Labs"),
            tip=N_("Try out distances, softmax, margins, centres and costs, without training."),
            shortcuts=("F7",),
            aliases=("experiment", "exercise"),
            menu="help",
            group="learn",
            calls=lambda app: app.labs.open(),
        ),
        Menu("tours", N_("T&ours"), parent="help", group="learn"),
        Menu("challenges", N_("C&hallenges"), parent="help", group="learn"),
        Command(
            id="challenge.check",
            text=N_("Chec&k a result…"),
            tip=N_("Repeat a challenge from its result, and check that the result is the same."),
            menu="challenges",
            group="result",
            calls=lambda app: app.guides.ask_result(),
        ),
        Command(
            id="challenge.again",
            text=N_("&Try again"),
            tip=N_("Begin with the settings of the challenge again. Restart keeps your settings."),
            menu="challenges",
            group="result",
            enabled=is_challenged,
            calls=_try_again,
        ),
        Command(
            id="challenge.copy",
            text=N_("&Copy result"),
            tip=N_("Copy the result as a text, with seed and settings, so that a teacher can run it again."),
            menu="challenges",
            group="result",
            enabled=has_result,
            calls=_copy_result,
        ),
        Command(
            id="challenge.save",
            text=N_("&Save result…"),
            tip=N_("Save the result as a text, with seed and settings, so that a teacher can run it again."),
            menu="challenges",
            group="result",
            enabled=has_result,
            calls=_save_result,
        ),
        Command(
            id="help.predict",
            text=N_("&Predict first"),
            tip=N_("Before a run starts, offer to guess what it will show, and compare."),
            shortcuts=("F8",),
            menu="help",
            group="learn",
            calls=lambda app: app.predictions.set_enabled(not app.predictions.enabled),
            checked=lambda app: app.predictions.enabled,
        ),
        Command(
            id="guide.next",
            text=N_("&Next step of the guide"),
            tip=N_("Go on to the next step of the tour."),
            shortcuts=("Ctrl+Right",),
            menu="help",
            group="guide",
            enabled=is_toured,
            calls=lambda app: app.guides.go_on(),
        ),
        Command(
            id="guide.back",
            text=N_("P&revious step of the guide"),
            tip=N_("Read the step before again. The program stays as it is."),
            shortcuts=("Ctrl+Left",),
            menu="help",
            group="guide",
            enabled=is_toured,
            calls=lambda app: app.guides.go_back(),
        ),
        Command(
            id="guide.leave",
            text=N_("L&eave the guide"),
            tip=N_("Close the guide, and return to your own window as you left it."),
            menu="help",
            group="guide",
            enabled=is_guided,
            calls=lambda app: app.guides.leave(),
        ),
        Command(
            id="lesson.save",
            text=N_("Sa&ve as lesson…"),
            tip=N_("Write settings, options and panels of this window to a file, and what to do with them."),
            menu="help",
            group="lesson",
            calls=_save_lesson,
        ),
        Command(
            id="lesson.copy-link",
            text=N_("Copy lesson lin&k"),
            tip=N_("Copy settings, options and panels of this window as one line of text."),
            menu="help",
            group="lesson",
            calls=_copy_lesson_link,
        ),
        Command(
            id="window.about",
            text=N_("&About Loss Explorer"),
            tip=N_("Show version and licence."),
            aliases=("version",),
            menu="help",
            group="about",
            calls=lambda app: show_about(app.window),
        ),
    )


def _try_again(app: App) -> None:
    if app.guides.session is not None:
        app.guides.session.try_again()


def _copy_result(app: App) -> None:
    if app.guides.session is not None:
        app.guides.session.copy_result()


def _save_result(app: App) -> None:
    if app.guides.session is not None:
        app.guides.session.save_result()


def _save_lesson(app: App) -> None:
    from explorer.gui.lessons.sharing import choose_file  # not before it is wanted: starting is quick

    choose_file(app)


def _copy_lesson_link(app: App) -> None:
    from explorer.gui.lessons.sharing import copy_link

    copy_link(app)
