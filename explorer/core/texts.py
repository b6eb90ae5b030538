"""Texts: sentences that are translated when they are shown, not when they are created.

`core` and `worker` return a `Text`: an English sentence with named fields, and their values. It is sent over
the protocol in this form, and the window or the command line renders it with ``str``. Code that shows a
sentence itself calls `_` and formats the result: ``_("{shown} of {total} images").format(shown=3, total=9)``.

All of this is GNU gettext: the English sentence is the message id. Babel finds the sentences by the names
`_`, `N_`, `ngettext`, `text` and `plural` and those of the subclasses of `TextError`, which pyproject.toml
lists; the README has the command.
"""

from __future__ import annotations

import gettext as _gettext
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct

TextValue = bool | int | float | str
_LONGEST_WORDS, _LONGEST_VALUE = 20_000, 2_000


class Text(Struct, frozen=True):
    """An English sentence and the values of its fields.

    Parameters
    ----------
    message : str
        Message id, with fields as in `str.format`; a field is a plain name, without attribute or index.
    values : mapping
        The value of each field: a number, a name that is not translated, another `Text`, or a list of those,
        which is rendered with commas.
    plural_message : str
        Message id of the plural; empty for a sentence without one. The number is ``values["count"]``.
    """

    message: str
    values: dict[str, TextValue | Text | list[TextValue | Text]] = {}
    plural_message: str = ""

    def __str__(self) -> str:
        """Return the sentence in the language in force."""
        count = self.values.get("count", 0)
        translated = (
            ngettext(self.message, self.plural_message, count)
            if self.plural_message and isinstance(count, int)
            else _(self.message)
        )
        for pattern in (translated, self.message):
            try:
                return _FORMATTER.vformat(pattern, (), {k: _shown(v) for k, v in self.values.items()})
            except (LookupError, ValueError, TypeError):
                # A translation may name an unknown field, and a worker of another version may send fields
                # that do not fit: fall back to English, and then to the unformatted sentence.
                continue
        return self.message


class TextError(Exception):
    """An error whose message is a `Text`; ``str`` renders it in the language in force.

    Parameters
    ----------
    sentence : Text or str
        A text, or a message id with the ``values`` of its fields, as `text` takes them.
    """

    def __init__(self, sentence: Text | str, /, **values: object) -> None:
        self.text = text(sentence, **values) if isinstance(sentence, str) else sentence
        super().__init__(self.text)

    def __str__(self) -> str:
        """Return the sentence."""
        return str(self.text)


class _Formatter(string.Formatter):
    """`str.format` restricted to plain field names and short formats; ``{label!l}`` is a label `in_sentence`.

    A text from another process reads no attributes, and fills no memory.
    """

    def get_field(self, field_name: str, _args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        return kwargs[field_name], field_name

    def convert_field(self, value: object, conversion: str | None) -> object:
        if conversion == "l":
            return in_sentence(str(value))
        return super().convert_field(value, conversion)

    def format_field(self, value: object, format_spec: str) -> str:
        if len(format_spec) > _LONGEST_SPEC:
            raise ValueError(format_spec)
        formatted: str = super().format_field(value, format_spec)
        return formatted


_LONGEST_SPEC = 5
"""Letters of a format such as ``,.1f``."""
_FORMATTER = _Formatter()
_VERBATIM = "{value}"
_translations = _gettext.NullTranslations()
_for_now: ContextVar[_gettext.NullTranslations | None] = ContextVar("_for_now", default=None)


def use_translations(translations: _gettext.NullTranslations) -> None:
    """Set the translations of all texts rendered from now on. Widgets keep the texts that they show."""
    global _translations
    _translations = translations


@contextmanager
def rendered_with(translations: _gettext.NullTranslations) -> Iterator[None]:
    """Render the texts of a block with these translations; other threads keep those in force."""
    token = _for_now.set(translations)
    try:
        yield
    finally:
        _for_now.reset(token)


def _(message: str) -> str:
    """Return the translation of a message id."""
    return _in_force().gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the translation of a message id that has a plural."""
    return _in_force().ngettext(singular, plural, count)


def _in_force() -> _gettext.NullTranslations:
    chosen = _for_now.get()
    return _translations if chosen is None else chosen


def in_sentence(label: str) -> str:
    """Return an English label as within a sentence: with a small letter, unless it begins with a name."""
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if first == first.capitalize() else label


def capitalised(sentence: str) -> str:
    """Return a sentence with a capital first letter: what it begins with may stand within others too."""
    return sentence[:1].upper() + sentence[1:]


def N_(message: str) -> str:  # the name that gettext uses
    """Return ``message`` unchanged: marks a message id that is translated where it is shown."""
    return message


def text(message: str, /, **values: object) -> Text:
    """Return a `Text`; values that are neither numbers nor texts are converted by `showable`."""
    return Text(message, {name: _plain(value) for name, value in values.items()})


def showable(value: object, *, file: bool = False, longest: int = _LONGEST_WORDS) -> str:
    """Return ``str(value)`` so that it can be shown and sent, whatever code of others or a file name holds.

    Of an error of the system it is the reason, without its number, and with ``file`` also the file that it
    is about. Where it fails it is the name of the class. Bytes of a name that are no text are written as
    numbers, and what is longer than ``longest`` is cut, and ends with an ellipsis.
    """
    try:
        shown = _reason(value, file) if isinstance(value, OSError) else str(value)
        shown = shown[: longest + 1].encode("utf-8", "backslashreplace").decode()
    except Exception:
        return f"<{type(value).__name__}>"
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def kind_and_error(error: BaseException) -> dict[str, str | Text]:
    """Return the fields of a sentence with ``{kind}: {error}``: the class of an error, and what it says."""
    said = error.text if isinstance(error, TextError) else showable(error, file=True)
    return {"kind": type(error).__name__, "error": said}


def error_text(error: BaseException) -> Text:
    """Return the class of an error and what it says, as a text of its own or in a sentence."""
    return text("{kind}: {error}", **kind_and_error(error))


def _reason(error: OSError, file: bool) -> str:
    if not error.strerror:
        return str(error)
    return f"{error.strerror}: {error.filename!r}" if file and error.filename is not None else error.strerror


def verbatim(value: object) -> Text:
    """Return a `Text` that shows a value without translating it, such as a path or the name of a device."""
    return Text(_VERBATIM, {"value": showable(value)})


def listed(values: Sequence[TextValue | Text]) -> Text:
    """Return a `Text` that lists texts, with the comma of the language it is shown in."""
    return Text(_VERBATIM, {"value": list(values)})


def plural(singular: str, plural: str, /, *, count: int, **values: object) -> Text:
    """Return a `Text` with a plural: its field ``count`` decides between the two message ids."""
    plain = {name: _plain(value) for name, value in values.items()}
    return Text(singular, {"count": count, **plain}, plural)


def _plain(value: object) -> TextValue | Text | list[TextValue | Text]:
    if isinstance(value, bool | int | float | Text):
        return value
    if isinstance(value, TextError):
        return value.text
    if isinstance(value, Iterable) and not isinstance(value, str | BaseException):
        return [item if isinstance(item, bool | int | float | Text) else showable(item) for item in value]
    return showable(value, longest=_LONGEST_VALUE)


def _shown(value: TextValue | Text | list[TextValue | Text]) -> TextValue:
    if isinstance(value, list):
        return _(", ").join(str(item) for item in value)
    return str(value) if isinstance(value, Text) else value
