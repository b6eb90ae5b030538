"""ProseView: Markdown with formulas, as high as its content."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QWidget

from explorer.core.texts import _
from explorer.gui.controls.formula import render_svg
from explorer.gui.faults import guarded
from explorer.gui.theory.formula_object import DISPLAY, FORMULA, LATEX, FormulaObject
from explorer.gui.theory.markup import formulas_in, without_formulas

_OBJECT, _MARK = "\ufffc", "\ue000"
"""What stands for an object in a document, and for a formula in Markdown: a character for private use."""
_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_INDENT, _LINE_PERCENT = 20.0, 116.0


class ProseView(QTextBrowser):
    """Shows Markdown with LaTeX between dollar signs; formulas are rendered one at a time while it is seen.

    Signals
    -------
    linkRequested(str)
        The target of a link that a person followed.
    """

    linkRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.markdown = ""
        self._heights: dict[int, int] = {}
        self._formulas = FormulaObject(self)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(_INDENT)
        self.document().documentLayout().registerHandler(FORMULA, self._formulas)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.setAccessibleName(_("Text"))

    def show_markdown(self, markdown: str) -> None:
        """Show another text."""
        if markdown == self.markdown:
            return
        self.markdown = markdown
        self._fill()
        self._schedule()

    def hasHeightForWidth(self) -> bool:
        """Return True: narrow lines are more."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at this width; a layout asks again with each change beside it."""
        if width not in self._heights:
            self._break_lines(width)
            self._heights[width] = math.ceil(self.document().size().height())
        self._break_lines(self.viewport().width())  # it also asks about widths that it does not give
        return self._heights[width]

    def showEvent(self, event: QShowEvent) -> None:
        """Render the formulas that have waited for this."""
        super().showEvent(event)
        self._schedule()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, with a line beside it while it has the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.fillRect(0, 0, 2, self.viewport().height(), self.palette().highlight())
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines at the width that the layout gave."""
        super().resizeEvent(event)
        self._break_lines(self.viewport().width())

    def changeEvent(self, event: QEvent) -> None:
        """Follow another theme or font size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self.markdown:
            self._fill()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return the selected text, with the LaTeX of its formulas."""
        cursor, mime = self.textCursor(), QMimeData()
        parts = [self._copied(at) for at in range(cursor.selectionStart(), cursor.selectionEnd())]
        mime.setText("".join(parts))
        return mime

    def _copied(self, position: int) -> str:
        letter = self.document().characterAt(position)
        if letter == _OBJECT:
            latex = _after(self.document(), position).charFormat().property(LATEX)
            return f"${latex}$" if latex else ""
        return "\n" if letter in "\u2028\u2029" else letter

    @property
    def waiting(self) -> list[str]:
        """The formulas that are not rendered yet."""
        return [latex for _, latex in formulas_in(self.markdown) if latex not in self._formulas.svgs]

    def _schedule(self) -> None:
        if self.isVisible() and self.waiting:
            self._timer.start()

    def _break_lines(self, width: int) -> None:
        if self.lineWrapColumnOrWidth() != width:
            self.setLineWrapColumnOrWidth(width)

    def _forget_heights(self) -> None:
        self._heights.clear()
        self.updateGeometry()

    def _fill(self) -> None:
        """Set the text, with an object in place of every formula."""
        document = self.document()
        document.setDefaultFont(self.font())
        document.setMarkdown(without_formulas(self.markdown, _MARK), _DIALECT)
        every, spaced = QTextCursor(document), QTextBlockFormat()
        every.select(QTextCursor.SelectionType.Document)
        spaced.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        every.mergeBlockFormat(spaced)
        formulas = formulas_in(self.markdown)
        cursor = document.find(_MARK)
        while not cursor.isNull():
            display, latex = next(formulas)
            self._insert(cursor, latex, display=display)
            cursor = document.find(_MARK, cursor)
        self._forget_heights()

    def _insert(self, cursor: QTextCursor, latex: str, *, display: bool) -> None:
        """Replace what is selected by a formula; where it cannot be set, by its LaTeX."""
        if self._formulas.svgs.get(latex) == "":
            cursor.insertText(latex)
            return
        look = QTextCharFormat()
        look.setObjectType(FORMULA)
        look.setProperty(LATEX, latex)
        look.setProperty(DISPLAY, display)
        look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        look.setFont(self.document().defaultFont())
        cursor.insertText(_OBJECT, look)
        if display:
            block = cursor.blockFormat()
            block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            cursor.setBlockFormat(block)

    def _on_timer_timeout(self) -> None:
        waiting = self.waiting
        if not waiting or not self.isVisible():
            return
        self._formulas.svgs[waiting[0]] = svg = render_svg(waiting[0])
        if svg:
            document = self.document()
            document.markContentsDirty(0, document.characterCount())
            self._forget_heights()
        else:
            self._fill()
        self._schedule()

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.linkRequested.emit(url.toString())


def _after(document: QTextDocument, position: int) -> QTextCursor:
    """Return a cursor behind the letter at a position, whose format it has."""
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    return cursor
