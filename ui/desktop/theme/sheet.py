"""The style sheet for controls, made from the tokens; grids, signs and pictures are painted, not styled."""

from ui.desktop.theme.theme import Theme
from ui.desktop.theme.tokens import tokens

_SHEET = """
* {{ outline: none; }}
QToolTip {{ background: {raised}; color: {text1}; border: 1px solid {strong}; padding: {p4}px {p6}px; }}
*[layer="chrome"] {{ background: {chrome}; }}
*[layer="canvas"] {{ background: {canvas}; }}
*[layer="panel"] {{ background: {panel}; }}
*[edge="bottom"] {{ border: none; border-bottom: 1px solid {soft}; }}
*[edge="top"] {{ border: none; border-top: 1px solid {soft}; }}
*[edge="left"] {{ border: none; border-left: 1px solid {soft}; }}
*[edge="right"] {{ border: none; border-right: 1px solid {soft}; }}
*[edge="stale"] {{ border: none; border-left: 2px solid {stale}; }}
QLabel {{ background: transparent; }}
QLabel[tone="text2"] {{ color: {text2}; }}
QLabel[tone="text3"] {{ color: {text3}; }}
QLabel[tone="done"] {{ color: {done}; }}
QLabel[tone="late"] {{ color: {late}; }}
QLabel[tone="blocked"] {{ color: {blocked}; }}
QLabel[tone="running"] {{ color: {running}; }}
QLabel[tone="conflict"] {{ color: {conflict}; }}
QLabel[tone="stale"] {{ color: {stale}; }}
QLabel[tone="accent"] {{ color: {accent}; }}
QFrame[line="true"] {{ background: {soft}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[card="true"] {{ background: {canvas}; border: 1px solid {soft}; border-radius: {card}px; }}
QFrame[card="conflict"] {{ background: {canvas}; border: 1px solid {conflict}; border-radius: {card}px; }}
QFrame[card="blocked"] {{ background: {canvas}; border: 1px solid {blocked}; border-radius: {card}px; }}
QFrame[box="late"] {{ background: {late_soft}; border: none; border-radius: {control}px; }}
QFrame[box="stale"] {{ background: {stale_soft}; border: none; border-radius: {control}px; }}
QFrame[box="blocked"] {{ background: {blocked_soft}; border: none; border-radius: {control}px; }}
QFrame[box="done"] {{ background: {done_soft}; border: none; border-radius: {control}px; }}
QFrame[box="running"] {{ background: {running_soft}; border: none; border-radius: {control}px; }}
QFrame[box="conflict"] {{ background: {canvas}; border: 1px solid {conflict}; border-radius: {card}px; }}
QFrame[box="chosen"] {{ background: {selected}; border: none; border-radius: {control}px; }}
QFrame[box="drop"] {{ border: 1px dashed {strong}; border-radius: {control}px; background: {canvas}; }}
QFrame[box="drop"][over="true"] {{ border: 2px solid {focus}; background: {selected}; }}
QPushButton {{ background: {canvas}; color: {text1}; border: 1px solid {strong}; border-radius: {control}px;
  min-height: {button}px; max-height: {button}px; padding: 0 {p11}px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {sunken}; }}
QPushButton:disabled {{ color: {text3}; border-color: {soft}; }}
QPushButton:focus {{ border: 2px solid {focus}; padding: 0 {p10}px; min-height: {button_focus}px;
  max-height: {button_focus}px; }}
QPushButton[kind="primary"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ border-color: {text1}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text1}; }}
QPushButton[kind="primary"]:disabled {{ background: {sunken}; color: {text3}; border-color: {soft}; }}
QPushButton[kind="danger"] {{ color: {blocked}; border-color: {blocked}; }}
QPushButton[kind="conflict"] {{ background: {conflict_soft}; border-color: {conflict_soft}; }}
QPushButton[kind="live"] {{ background: {running}; border-color: {running}; }}
QPushButton[kind="rehearsal"] {{ background: {canvas}; border: 1px dashed {late}; }}
QPushButton[kind="quiet"], QPushButton[kind="late"] {{ background: transparent; border-color: transparent; color: {text2}; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="late"]:hover {{ background: {hover}; border-color: {soft}; }}
QPushButton[kind="quiet"]:focus, QPushButton[kind="late"]:focus {{ border: 2px solid {focus}; }}
QPushButton[size="large"] {{ min-height: {large}px; max-height: {large}px; padding: 0 {p14}px; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QToolButton {{ background: transparent; color: {text2}; border: 1px solid transparent; border-radius: {control}px;
  padding: 0 {p6}px; min-height: {button}px; }}
QToolButton:hover {{ background: {hover}; border-color: {soft}; }}
QToolButton:focus {{ border: 2px solid {focus}; }}
QToolButton:disabled {{ color: {text3}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{ background: {canvas}; color: {text1}; border: 1px solid {strong};
  border-radius: {control}px; padding: 0 {p8}px; selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit, QComboBox, QSpinBox {{ min-height: {button}px; max-height: {button}px; }}
QPlainTextEdit {{ padding: {p4}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 2px solid {focus}; padding-left: {p7}px;
  padding-right: {p7}px; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus {{ min-height: {button_focus}px; max-height: {button_focus}px; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {text3}; border-color: {soft}; }}
QLineEdit[cell="true"], QLineEdit[cell="true"]:focus {{ border: 2px solid {focus}; border-radius: 3px; padding: 0 {p4}px;
  min-height: 0; max-height: 999px; }}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{ background: transparent; border: none; padding: 0; }}
QLineEdit[wrong="true"] {{ border: 2px solid {blocked}; }}
QComboBox::drop-down {{ border: none; width: {p24}px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: {p12}px; height: {p12}px; }}
QComboBox QAbstractItemView {{ background: {raised}; color: {text1}; border: 1px solid {strong};
  selection-background-color: {selected}; selection-color: {text1}; }}
QMenu {{ background: {raised}; color: {text1}; border: 1px solid {strong}; padding: {p4}px; }}
QMenu::item {{ padding: {p4}px {p24}px {p4}px {p10}px; border-radius: {control}px; min-height: {p20}px; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {text3}; }}
QMenu::separator {{ height: 1px; background: {soft}; margin: {p4}px; }}
QMenu::icon {{ padding-left: {p8}px; }}
QMenuBar {{ background: {chrome}; color: {text1}; }}
QMenuBar::item:selected {{ background: {selected}; }}
QTableView, QListView {{ background: {canvas}; border: none; gridline-color: {hair}; selection-background-color: {selected};
  selection-color: {text1}; }}
QHeaderView {{ background: {panel}; border: none; }}
QHeaderView::section {{ background: {panel}; color: {text3}; border: none; border-bottom: 1px solid {soft};
  padding: 0 {p8}px; }}
QHeaderView::section:first {{ padding-left: {p14}px; }}
QTableCornerButton::section {{ background: {panel}; border: none; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {p11}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {p11}px; margin: 0; }}
QScrollBar::handle {{ background: {soft}; border-radius: {p3}px; margin: {p2}px; }}
QScrollBar::handle:vertical {{ min-height: {p32}px; }}
QScrollBar::handle:horizontal {{ min-width: {p32}px; }}
QScrollBar::handle:hover {{ background: {strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QSplitter::handle {{ background: {soft}; }}
QCheckBox, QRadioButton {{ color: {text1}; spacing: {p8}px; }}
"""


def style_sheet(theme: Theme, arrow: str) -> str:
    """`arrow` is a picture file for the combo box: style sheets cannot paint one."""
    names: dict[str, str | int] = {key: theme.color(key).name() for key in tokens().color[theme.name]}
    for size in (2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 20, 24, 32):
        names[f"p{size}"] = theme.px(size)
    for key, value in tokens().radius.items():
        names[key] = theme.px(value)
    names["button"] = theme.row("button") - 2
    names["button_focus"] = theme.row("button") - 4
    names["large"] = theme.row("button_large") - 2
    names["arrow"] = arrow
    return _SHEET.format_map(names)
