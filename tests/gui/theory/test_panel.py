"""The panel: shows the card of the loss, follows links, goes back, and finds what is searched for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from gui.views.packed_pixels import pixels
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import QApplication

from explorer.core.settings.config import RunConfig
from explorer.gui.theory.contents import Entry, matching
from explorer.gui.theory.markup import formulas_in
from explorer.gui.theory.panel import TheoryPanel
from explorer.gui.theory.prose import ProseView

pytestmark = pytest.mark.usefixtures("themed")


def config(loss: str) -> RunConfig:
    return RunConfig().replace({"loss.name": loss})


@pytest.fixture
def panel(qtbot):
    panel = TheoryPanel()
    qtbot.addWidget(panel)
    panel.set_config(config("arcface"))
    panel.resize(340, 700)
    panel.show()
    return panel


def shown(panel) -> str:
    return "" if panel.browser.card is None else panel.browser.card.id


def test_nothing_is_read_before_the_panel_is_seen(qtbot):
    panel = TheoryPanel()
    qtbot.addWidget(panel)
    panel.set_config(config("arcface"))
    assert not panel.is_built
    panel.show()
    assert shown(panel) == "arcface"


OPENED = """
import sys
from pathlib import Path
from explorer.gui.app import App
from explorer.gui.theme.application import make_application
application = make_application()
app = App(["/nowhere"], Path(sys.argv[1]))
app.window.show()
application.processEvents()
print("explorer.gui.theory.browser" in sys.modules)
app.window.close()
"""


def test_opening_the_window_does_not_load_what_a_closed_panel_does_not_show(tmp_path):
    command = [sys.executable, "-c", OPENED, str(tmp_path / "window.toml")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_the_card_follows_the_loss_unless_it_is_pinned(panel):
    panel.set_config(config("cosface"))
    assert shown(panel) == "cosface"
    panel.browser.pin.click()
    panel.set_config(config("softmax"))
    assert shown(panel) == "cosface"
    panel.browser.pin.click()
    panel.set_config(config("softmax").replace({"loss.bias": False}))
    assert shown(panel) == "cosface"  # only another loss asks for another card
    panel.set_config(config("triplet"))
    assert shown(panel) == "triplet"


def test_a_hidden_panel_shows_another_loss_only_once_it_is_seen(panel):
    panel.hide()
    panel.set_config(config("cosface"))
    assert shown(panel) == "arcface"
    panel.show()
    assert shown(panel) == "cosface"


def test_a_pinned_card_shows_no_values_once_another_loss_is_trained(panel):
    def values() -> set[str]:
        return {row.accessibleName().rpartition(", ")[2] for row in panel.browser.page.symbols.rows}

    assert "0.2 rad" in values()
    panel.browser.pin.click()
    panel.set_config(config("cosface"))
    assert "0.2 rad" not in values()
    panel.set_config(config("arcface").replace({"loss.margin": 0.3}))
    assert "0.3 rad" in values()


def test_a_loss_of_a_package_without_a_card_shows_the_contents(panel):
    panel.browser.cards.pop("cosface")
    panel.set_config(config("cosface"))
    assert panel.browser.card is None


def test_links_and_back_and_forward(panel):
    panel.browser.follow("card:cosface")
    panel.browser.follow("card:triplet")
    panel.browser.back.click()
    assert shown(panel) == "cosface"
    panel.browser.back.click()
    assert (shown(panel), panel.browser.back.isEnabled()) == ("arcface", False)
    panel.browser.forward.click()
    assert shown(panel) == "cosface"
    panel.browser.follow("card:softmax")  # what was ahead is forgotten
    assert not panel.browser.forward.isEnabled()
    panel.browser.back.click()
    assert shown(panel) == "cosface"


def test_back_from_the_contents_is_the_card_before(panel):
    panel.browser.to_contents.click()
    assert panel.browser.card is None
    panel.browser.back.click()
    assert shown(panel) == "arcface"


def test_links_to_presets_labs_and_pages_leave_the_panel(panel, qtbot, monkeypatch):
    with qtbot.waitSignal(panel.presetRequested) as asked:
        panel.browser.follow("preset:wen-2016-center-lambda-1")
    assert asked.args[0].name == "wen-2016-center-lambda-1"
    with qtbot.waitSignal(panel.viewRequested) as wanted:
        panel.browser.follow("view:verification")
    assert wanted.args == ["verification"]
    with qtbot.waitSignal(panel.labRequested) as asked:
        panel.browser.follow("lab:margin")
    assert asked.args == ["margin"]
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    panel.browser.follow("https://arxiv.org/abs/1801.07698")
    assert opened == ["https://arxiv.org/abs/1801.07698"]


def test_the_loss_of_a_card_can_be_used(panel, qtbot):
    assert not panel.browser.page.use.isVisible()  # it is trained already
    panel.show_card("cosface")
    with qtbot.waitSignal(panel.lossRequested) as asked:
        qtbot.mouseClick(panel.browser.page.use, Qt.MouseButton.LeftButton)
    assert asked.args == ["cosface"]
    panel.set_config(config("cosface"))
    assert not panel.browser.page.use.isVisible()


def test_related_cards_are_linked_in_both_directions(panel):
    panel.show_card("sphereface2")
    assert "card:cosface" in panel.browser.page.links.markdown
    panel.show_card("cosface")
    assert "sphereface2" not in panel.browser.cards["cosface"].related
    assert "card:sphereface2" in panel.browser.page.links.markdown


def test_a_lab_is_linked_only_once_it_can_be_opened(panel):
    assert "lab:" not in panel.browser.page.links.markdown
    panel.set_labs({"margin": "Margin lab"})
    assert "[Margin lab](lab:margin)" in panel.browser.page.links.markdown
    panel.browser.search.setText("margin lab")
    assert panel.browser.contents.targets()[:1] == ["lab:margin"]
    panel.set_labs({"margin": "Margin", "distance": "Distance"})
    panel.browser.search.setText("margin labs")
    assert "lab:margin" in panel.browser.contents.targets()
    panel.browser.search.setText("euclid")
    assert "lab:distance" in panel.browser.contents.targets()


def test_the_contents_list_every_card_and_preset(panel):
    panel.show_contents()
    targets = panel.browser.contents.targets()
    assert {f"card:{name}" for name in panel.browser.cards} <= set(targets)
    assert "preset:wen-2016-center-lambda-1" in targets


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("arcface", "card:arcface"),
        ("AM-Softmax", "card:cosface"),
        ("hadsell", "card:contrastive"),
        ("1801.07698", "card:arcface"),
        ("loss, λ = 1", "preset:wen-2016-center-lambda-1"),
        ("arcfcae", "card:arcface"),
        ("tempertaure", None),
        ("what does centre loss not do", "card:centre-loss-limits"),
        ("Euclid or cosine, what is the difference?", "card:euclid-or-cosine"),
        ("Why does ArcFace add to the angle?", "card:add-to-the-angle"),
        ("margin separates classes?", "card:margin-at-test-time"),
    ],
)
def test_a_search_finds_titles_papers_and_presets_and_forgives_a_slip(panel, query, first):
    panel.browser.search.setText(query)
    targets = panel.browser.contents.targets()
    assert targets[:1] == ([first] if first else [])


def test_titles_come_before_texts():
    entries = [
        Entry("card:a", "loss", "Focal loss", content="a softmax loss"),
        Entry("card:b", "topic", "Loss of softmax"),
        Entry("card:c", "topic", "The softmax loss"),
        Entry("card:d", "topic", "Distance"),
    ]
    assert [entry.target for entry in matching(entries, "softmax loss")] == ["card:c", "card:b", "card:a"]


def test_enter_opens_the_best_of_what_is_found_and_leaves_the_search(panel, qtbot):
    panel.browser.search.setFocus()
    panel.browser.search.setText("hadsell")
    assert panel.focusWidget() is panel.browser.search
    qtbot.keyClick(panel.browser.search, Qt.Key.Key_Return)
    assert shown(panel) == "contrastive"
    assert panel.browser.contents.currentItem().text(0) == "Contrastive"
    assert panel.focusWidget() is panel.browser.page, "it is not typed, and Space presses no symbol"


def test_a_card_that_is_not_translated_says_so(panel):
    assert not panel.browser.page.language_note.isVisible()
    panel.set_language("fr")
    assert shown(panel) == "arcface"
    assert panel.browser.page.language_note.isVisible()


def test_the_text_is_as_high_as_its_lines(qtbot):
    view = ProseView()
    qtbot.addWidget(view)
    view.show_markdown("word " * 60)
    assert view.heightForWidth(150) > 1.8 * view.heightForWidth(320)


def test_a_height_that_is_known_is_not_computed_again(qtbot, monkeypatch):
    view = ProseView()
    qtbot.addWidget(view)
    view.show_markdown("word " * 60)
    heights = [view.heightForWidth(width) for width in (150, 320)]
    monkeypatch.setattr(view, "setLineWrapColumnOrWidth", pytest.fail)
    assert [view.heightForWidth(width) for width in (150, 320)] == heights
    monkeypatch.undo()
    view.show_markdown("word")
    assert view.heightForWidth(150) < heights[1]


def test_the_card_ends_where_its_last_line_does(panel, qtbot):
    panel.show_card("circle")
    page = panel.browser.page
    content, parts = page.widget(), (page.lead, page.prose)
    qtbot.waitUntil(lambda: not any(part.waiting for part in parts))
    qtbot.waitUntil(lambda: content.height() == content.heightForWidth(content.width()))


def test_a_formula_on_its_own_line_has_as_much_room_below_as_above(qtbot):
    view = ProseView()
    qtbot.addWidget(view)
    view.resize(300, view.heightForWidth(300))
    view.show_markdown("WWW\n\n$$1^{2^{2^{2}}}$$\n\nWWW")
    view.show()
    qtbot.waitUntil(lambda: not view.waiting)
    view.resize(300, view.heightForWidth(300))
    image = pixels(view.grab().toImage())[:, 4:]  # beside the line that shows the focus
    inked = np.flatnonzero((image != image[0, 0]).any(axis=1))
    gaps = np.diff(inked)
    letter = int(np.flatnonzero(gaps > 1)[0])
    above, *_inside, below = gaps[gaps > 4].tolist()
    assert below < above + 0.5 * letter


class Requests(QObject):
    """Counts how often a widget is asked to arrange what it holds."""

    count = 0

    def eventFilter(self, _watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_other_numbers_of_a_sample_leave_the_card_as_it_is_arranged(panel, qtbot):
    page = panel.browser.page
    qtbot.waitUntil(lambda: not page.prose.waiting and not page.lead.waiting and bool(page.formula.svgs))
    page.sample.show_sentence("the logit is 1.25")
    QApplication.processEvents()
    requests, height = Requests(), page.sample.height()
    page.widget().installEventFilter(requests)
    page.sample.show_sentence("the logit is 9.75")
    QApplication.processEvents()
    assert requests.count == 0
    page.sample.show_sentence("the logit is large " * 30)
    QApplication.processEvents()
    assert requests.count > 0
    assert page.sample.height() > height + 20


def test_a_formula_stands_on_the_baseline_and_is_copied_as_latex(qtbot):
    view = ProseView()
    qtbot.addWidget(view)
    view.resize(300, 100)
    view.show_markdown(r"An angle $\theta_y+m$ here, $\badcommand{$ there.")
    assert not view.isVisible()
    qtbot.wait(0)
    assert len(view.waiting) == 2  # nobody sees it
    view.show()
    qtbot.waitUntil(lambda: not view.waiting)
    cursor = view.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    view.setTextCursor(cursor)
    copied = view.createMimeDataFromSelection().text()
    assert copied == r"An angle $\theta_y+m$ here, \badcommand{ there."
    assert [latex for _, latex in formulas_in(copied)] == [r"\theta_y+m"]


@pytest.mark.parametrize("make", [TheoryPanel, ProseView])
def test_nothing_keeps_a_closed_panel_alive(assert_collected, make):
    def build():
        widget = make()
        if isinstance(widget, TheoryPanel):
            widget.set_config(config("arcface"))
            widget.show_card("arcface")
        return widget

    assert_collected(build)


def test_asking_for_the_height_at_another_width_leaves_the_lines_as_they_are(qtbot):
    """A layout tries widths that it does not give: the last lines of a text were cut off then."""
    view = ProseView()
    qtbot.addWidget(view)
    view.resize(600, 100)
    view.show()
    view.show_markdown("Which of the two is closer? " * 20)
    height = view.heightForWidth(600)
    assert view.heightForWidth(200) > height
    assert view.document().size().height() <= height
    assert view.heightForWidth(600) == height
