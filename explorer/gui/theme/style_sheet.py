"""The style sheet of the application, which goes with the palette of a theme."""

from __future__ import annotations

from string import Template

from explorer.core.data.resources import resource
from explorer.gui.theme.theme import Rgb, Theme, mix


def style_sheet(theme: Theme) -> str:
    """Return the style sheet that goes with `palette`; sizes of text are left to the application's font.

    Widgets opt into a look by a property: ``card`` (a rounded surface), ``role`` (``title``, ``header``,
    ``muted``, ``value``, ``success``, ``error``, ``primary``, ``attention``, ``pages``,
    ``compact``), ``badge``, ``note`` and
    ``banner`` (``info``, ``warning``, ``error``).
    """
    tints = {
        f"{level}_{part}": _css(mix(theme.panel, color, share))
        for level, color in (("info", theme.accent), ("warning", theme.warning), ("error", theme.error))
        for part, share in (("fill", 0.12), ("edge", 0.45))
    }
    names = ("window", "panel", "text", "muted", "line", "accent", "warning", "error")
    colors = {name: _css(getattr(theme, name)) for name in names}
    sheet = _SHEET.substitute(
        colors,
        **tints,
        scale=f"{theme.scale:g}",
        tick=resource("icons", f"tick-{theme.name}.svg").as_posix(),
        field=_css(mix(theme.panel, theme.window, 0.6)),
        hover=_css(mix(theme.panel, theme.text, 0.07)),
        pressed=_css(mix(theme.panel, theme.text, 0.14)),
        edge=_css(mix(theme.panel, theme.muted, 0.5)),
        accent_hover=_css(mix(theme.accent, theme.text, 0.12)),
        faint=_css(mix(theme.panel, theme.muted, 0.85)),
    )
    return sheet + _FOR_FINGERS if theme.large_controls else sheet


def _css(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


_SHEET = Template("""
/* Type at $scale: Qt gives widgets a font of another size only with another sheet. */
QToolTip { color: $text; background: $panel; border: 1px solid $edge; padding: 4px; }

QFrame[card="true"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QMainWindow > QTabBar { qproperty-drawBase: 0; }
QMainWindow > QTabBar::tab, QTabBar[role="pages"]::tab {
    color: $muted; padding: 5px 9px 4px 9px; border: none; border-bottom: 2px solid transparent;
}
QMainWindow > QTabBar::tab { padding: 5px 8px 4px 8px; }
QMainWindow > QTabBar::tab:selected, QTabBar[role="pages"]::tab:selected {
    color: $text; border-bottom: 2px solid $accent; font-weight: 600;
}
QMainWindow > QTabBar::tab:hover:!selected, QTabBar[role="pages"]::tab:hover:!selected { background: $hover; }
QToolBar { background: $window; border: none; }
TrainerLog { margin: 0 6px 4px 6px; }
QMainWindow::separator { background: transparent; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $line; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="value"] { font-weight: 600; }
QLabel[role="success"] { font-weight: 600; color: $accent; }
QLabel[role="error"] { font-weight: 600; color: $error; }

QLineEdit, NumberField, SpinBox, DecimalSpinBox, ChoiceBox, QPlainTextEdit {
    background: $field; border: 1px solid $edge; border-radius: 5px; padding: 3px 6px;
    selection-background-color: $accent; selection-color: $panel;
}
NumberField QLineEdit, SpinBox QLineEdit, DecimalSpinBox QLineEdit {
    background: transparent; border: none; padding: 0;
}
NumberField::up-button, NumberField::down-button { width: 0; border: none; }
SpinBox::up-button, DecimalSpinBox::up-button { subcontrol-position: top right; }
SpinBox::down-button, DecimalSpinBox::down-button { subcontrol-position: bottom right; }
SpinBox::up-button, DecimalSpinBox::up-button, SpinBox::down-button, DecimalSpinBox::down-button {
    subcontrol-origin: border; width: 20px; border: none; background: transparent;
}
SpinBox::up-arrow, DecimalSpinBox::up-arrow, SpinBox::down-arrow, DecimalSpinBox::down-arrow {
    image: none; width: 0; height: 0;
}
QLineEdit:hover, NumberField:hover, SpinBox:hover, DecimalSpinBox:hover, ChoiceBox:hover {
    border-color: $muted;
}
QLineEdit:focus, NumberField:focus, SpinBox:focus, DecimalSpinBox:focus, ChoiceBox:focus,
QPlainTextEdit:focus {
    border: 1px solid $accent;
}
NumberField QLineEdit:focus, SpinBox QLineEdit:focus, DecimalSpinBox QLineEdit:focus { border: none; }
QLineEdit:disabled, NumberField:disabled, SpinBox:disabled, DecimalSpinBox:disabled, ChoiceBox:disabled {
    color: $faint; background: $panel; border-color: $line;
}
ChoiceBox { padding-right: 22px; }
ParamRow ChoiceBox, ChoiceBox[role="compact"] { padding-right: 2px; }
ChoiceBox::drop-down { border: none; width: 20px; }
ChoiceBox::down-arrow { image: none; }
ChoiceBox QAbstractItemView {
    background: $panel; border: 1px solid $edge; padding: 4px; outline: none;
    selection-background-color: $accent; selection-color: $panel;
}

QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; border-radius: 3px; background: $field;
}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$tick");
}
QAbstractItemView::indicator { width: 10px; height: 10px; }
QRadioButton::indicator { border-radius: 8px; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; background: $panel; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $faint; }
QRadioButton::indicator:checked:disabled { border-color: $faint; }

QSlider { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; border: 1px solid $edge;
    background: $panel;
}
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QSlider::handle:horizontal:pressed { background: $accent; }
QSlider::handle:horizontal:disabled { background: $line; border-color: $line; }

QPushButton, QToolButton {
    background: $panel; border: 1px solid $edge; border-radius: 5px; padding: 4px 10px; color: $text;
}
QToolButton { padding: 3px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:checked { background: $info_fill; border-color: $info_edge; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; border-color: $line; background: transparent; }
QToolButton[autoRaise="true"] { border-color: transparent; background: transparent; }
QToolButton[autoRaise="true"]:hover { background: $hover; }
QToolButton[autoRaise="true"]:checked { background: $info_fill; border-color: $info_edge; }
QToolButton[autoRaise="true"]:focus { border-color: $accent; }
QToolButton[segment] { padding: 1px 8px; color: $muted; background: transparent; border-color: $edge; }
QToolButton[segment="first"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QToolButton[segment="middle"] { border-radius: 0; border-left-width: 0; }
QToolButton[segment="last"] {
    border-left-width: 0; border-top-left-radius: 0; border-bottom-left-radius: 0;
}
QToolButton[segment]:checked { color: $text; background: $info_fill; }
QToolButton[segment]:hover { background: $hover; }
QToolButton[segment]:focus { border: 1px solid $accent; }
QToolButton[role="small"] { padding: 1px; }
QToolButton[role="class"] { padding: 2px 0; min-width: 20px; }
QToolButton[role="class"]:checked { background: $accent; border-color: $accent; color: $panel; }
QToolButton[role="class"]:focus { border: 1px solid $text; }
QToolButton[role="menu"] { padding: 4px 10px; }
QToolButton[role="header"] { border: 1px solid transparent; font-weight: 600; padding: 4px 2px; }
QToolButton[role="header"]:hover { background: $hover; }
QToolButton[role="header"]:focus { border-color: $accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton:flat { border-color: transparent; background: transparent; }
QPushButton:flat:hover { background: $hover; }
QPushButton:flat:focus { border-color: $accent; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $panel; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 3px 9px; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $muted; }
QPushButton[role="attention"] {
    background: $warning; border-color: $warning; color: $panel; font-weight: 600;
}
QPushButton[role="attention"]:focus { border: 2px solid $text; padding: 3px 9px; }

QLabel[badge] { border-radius: 4px; padding: 0; }
QLabel[badge="restart"] { color: $muted; }
QLabel[badge="pending"] { color: $panel; background: $warning; font-weight: 600; }

QFrame[note="info"], QFrame[banner="info"] { background: $info_fill; border: 1px solid $info_edge; }
QFrame[note="warning"], QFrame[banner="warning"] {
    background: $warning_fill; border: 1px solid $warning_edge;
}
QFrame[note="error"], QFrame[banner="error"] { background: $error_fill; border: 1px solid $error_edge; }
QFrame[note] { border-radius: 5px; }
QFrame[banner] { border-radius: 8px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")

FINGER = 40
"""Least height and width of a large control, in pixels: a finger covers about as much."""
_FOR_FINGERS = f"""
QPushButton {{ min-height: {FINGER - 10}px; }}
QLineEdit, NumberField, ChoiceBox, SpinBox, DecimalSpinBox {{ min-height: {FINGER - 8}px; }}
NumberField QLineEdit, SpinBox QLineEdit, DecimalSpinBox QLineEdit {{ min-height: 0; }}
QToolButton {{ min-height: {FINGER - 8}px; min-width: {FINGER - 8}px; }}
QToolButton[segment] {{ min-width: {FINGER - 18}px; }}
QToolButton[role="header"] {{ min-height: {FINGER - 10}px; }}
QToolButton[role="class"] {{ min-width: {FINGER - 2}px; min-height: {FINGER - 6}px; }}
QToolButton[role="small"] {{ min-width: {FINGER - 4}px; min-height: {FINGER - 4}px; }}
QToolButton[role="menu"] {{ min-width: {FINGER - 22}px; min-height: {FINGER - 10}px; }}
QCheckBox, QRadioButton {{ min-height: {FINGER}px; spacing: 10px; }}
Switch {{ min-width: {FINGER}px; spacing: 0; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 22px; height: 22px; }}
QRadioButton::indicator {{ border-radius: 12px; }}
QRadioButton::indicator:checked {{ width: 10px; height: 10px; border-width: 7px; }}
QSlider {{ min-height: {FINGER}px; }}
QSlider::handle:horizontal {{ width: 26px; height: 26px; margin: -12px 0; border-radius: 14px; }}
QSlider::handle:horizontal:focus {{ width: 24px; height: 24px; }}
TimelineStrip {{ min-height: {FINGER}px; }}
QTabBar::tab {{ min-height: {FINGER - 12}px; }}
QMainWindow > QTabBar::tab {{ min-height: {FINGER - 12}px; }}
QMenu::item {{ padding: 9px 28px; }}
QMenuBar::item {{ padding: 10px 12px; }}
QListView::item, QTreeView::item {{ min-height: {FINGER}px; }}
QScrollBar:vertical {{ width: 16px; }}
QScrollBar:horizontal {{ height: 16px; }}
QMainWindow::separator {{ width: 12px; height: 12px; }}
"""
