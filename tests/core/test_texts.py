"""A text crosses processes as message and values; shown, it is a sentence in the reader's language."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.params import ParamError
from explorer.core.texts import (
    Text,
    TextError,
    _,
    error_text,
    plural,
    rendered_with,
    showable,
    text,
    use_translations,
    verbatim,
)

GERMAN = {
    "{shown:,} of {total:,} images": "{shown:,} von {total:,} Bildern",
    "Loss": "Verlust",
    "broken {name}": "kaputt {nome}",
}


class German(gettext.NullTranslations):
    """A catalogue of three sentences and a plural."""

    def gettext(self, message: str) -> str:
        return GERMAN.get(message, message)

    def ngettext(self, _singular: str, _plural: str, n: int) -> str:
        return "{count} Faden" if n == 1 else "{count} Fäden"


@pytest.fixture
def german() -> Iterator[None]:
    use_translations(German())
    yield
    use_translations(gettext.NullTranslations())


def test_a_text_formats_its_values():
    sentence = text("{shown:,} of {total:,} images", shown=2000, total=10_000)
    assert str(sentence) == "2,000 of 10,000 images"


@pytest.mark.parametrize(
    ("label", "words"),
    [("Margin", "Set margin"), ("ReLU on the feature", "Set ReLU on the feature"), ("", "Set ")],
)
def test_a_label_is_written_as_within_a_sentence(label: str, words: str) -> None:
    assert str(text("Set {label!l}", label=label)) == words


@pytest.mark.usefixtures("german")
def test_the_language_is_that_of_the_moment_when_it_is_shown():
    sentence = text("{shown:,} of {total:,} images", shown=2000, total=10_000)
    assert str(sentence) == "2,000 von 10,000 Bildern"
    assert str(text("{what}: {list}", what=text("Loss"), list=[text("Loss"), "m"])) == "Verlust: Verlust, m"
    use_translations(gettext.NullTranslations())
    assert str(sentence) == "2,000 of 10,000 images"


@pytest.mark.parametrize(("count", "words"), [(1, "1 thread"), (2, "2 threads"), (0, "0 threads")])
def test_a_count_decides_between_singular_and_plural(count, words):
    assert str(plural("{count} thread", "{count} threads", count=count)) == words


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("name", ["Loss", "{not a field}", "", "GeForce {0}"])
def test_a_name_is_shown_as_it_is(name):
    assert str(text("on {device}", device=verbatim(name))) == f"on {name}"


@pytest.mark.usefixtures("german")
def test_a_plural_is_translated():
    assert str(plural("{count} thread", "{count} threads", count=3)) == "3 Fäden"


@pytest.mark.usefixtures("german")
def test_a_translation_with_a_wrong_field_falls_back_to_english():
    assert str(text("broken {name}", name="m")) == "broken m"


def test_an_error_is_a_text_and_crosses_the_protocol():
    error = ParamError("{name} = {value!r} is not a number.", name="loss.margin", value="x")
    assert str(error) == "loss.margin = 'x' is not a number."
    packed = msgspec.msgpack.encode(error.text)
    assert str(msgspec.msgpack.decode(packed, type=Text)) == str(error)
    assert str(TextError("Outer: {inner}", inner=error)) == "Outer: loss.margin = 'x' is not a number."


@pytest.mark.parametrize("field", ["{a.__class__}", "{a[0]}", "{missing}", "{a:d}", "{", "{0}", "{}"])
def test_a_text_that_does_not_fit_its_values_is_shown_as_it_is(field):
    assert str(text(field, a="secret")) == field


@given(
    st.text() | st.sampled_from(["{a}", "{a:>9}", "{a!r} {b:,}", "{count} of {a}"]),
    st.dictionaries(
        st.sampled_from(["a", "b", "count"]), st.text() | st.integers() | st.floats() | st.booleans()
    ),
    st.text(),
)
def test_no_text_from_another_process_raises(message, values, plural_message):
    assert isinstance(str(Text(message, values, plural_message)), str)


def test_no_text_from_another_process_fills_the_memory():
    assert len(str(Text("{a:>999999999}", {"a": 1}))) < 100


def test_an_empty_text_stays_empty():
    assert _("") == ""  # gettext would return the header of the catalogue


def test_a_block_renders_in_a_language_of_its_own_and_other_threads_in_theirs():
    """An export writes its words in each language while the window keeps its own."""
    sentence = text("Loss")
    with rendered_with(German()), ThreadPoolExecutor(1) as threads:
        assert threads.submit(str, sentence).result() == "Loss"
        assert str(sentence) == "Verlust"
    assert str(sentence) == "Loss"


class Speechless(Exception):
    def __str__(self) -> str:
        raise ValueError


class SpeechlessFile(OSError):
    @property
    def strerror(self) -> str:
        raise ValueError


class Several(Exception):
    def __iter__(self) -> Iterator[str]:
        return iter(self.args)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Speechless(), "<Speechless>"),
        (SpeechlessFile(), "<SpeechlessFile>"),
        (Several("a", "b"), "('a', 'b')"),
        ("a\udcff", "a\\udcff"),
        ("x" * 10**6, "x" * 1_999 + "…"),
    ],
)
def test_whatever_foreign_code_or_a_file_name_holds_can_be_shown_and_sent(value: object, shown: str) -> None:
    assert showable(value, longest=2_000) == str(text("{value}", value=value)) == shown
    assert len(showable(value)) <= 20_000
    assert msgspec.msgpack.encode(text("{values}", values=[value]))


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (
            FileNotFoundError(2, "No such file or directory", "/a/b"),
            "FileNotFoundError: No such file or directory: '/a/b'",
        ),
        (OSError(28, "No space left on device"), "OSError: No space left on device"),
        (OSError("is gone"), "OSError: is gone"),
        (ParamError("{name} is no number.", name="m"), "ParamError: m is no number."),
    ],
)
def test_an_error_is_told_with_its_kind_and_the_file_that_it_is_about(error: Exception, shown: str) -> None:
    assert str(error_text(error)) == shown
