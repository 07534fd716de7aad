"""A Qt call loses no reference: this guards the version pin of PySide6 in pyproject.toml.

PySide6 6.12.0 on Python 3.11 drops one reference to None per void call. A small program survives that; one with ten
thousand rows ends in "Fatal Python error: none_dealloc". From Python 3.12 on None and True cannot be deallocated.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLineF, QModelIndex, QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QBrush,
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsRectItem,
    QGraphicsScene,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

REPEATS = 200
MOST_LOST = 20
COUNTED = (None, True)

Calls = dict[str, Callable[[], object]]


class Teller(QObject):
    told = Signal(object)
    rang = Signal()


def hear(_what: object = None) -> None: ...


def signal_calls() -> Calls:
    teller, timer = Teller(), QTimer()
    teller.told.connect(hear)

    def connect_and_disconnect() -> None:
        teller.rang.connect(hear)
        teller.rang.disconnect(hear)

    return {
        "Signal.emit of an object": lambda: teller.told.emit(teller),
        "Signal.emit of None": lambda: teller.told.emit(None),
        "Signal.emit of True": lambda: teller.told.emit(True),
        "Signal.connect and disconnect": connect_and_disconnect,
        "QTimer.start": lambda: timer.start(100_000),
        "QTimer.stop": timer.stop,
        "QObject.setProperty": lambda: teller.setProperty("critical", True),
        "QObject.blockSignals": lambda: teller.blockSignals(False),
    }


def widget_calls(qtbot: QtBot) -> Calls:
    widget, label, line = QWidget(), QLabel(), QLineEdit()
    layout, action = QHBoxLayout(widget), QAction("Start", widget)
    layout.addWidget(label)
    layout.addWidget(line)
    qtbot.addWidget(widget)
    return {
        "QWidget.update": widget.update,
        "QWidget.setToolTip": lambda: widget.setToolTip("late"),
        "QWidget.setAccessibleName": lambda: widget.setAccessibleName("plan"),
        "QWidget.setEnabled": lambda: widget.setEnabled(True),
        "QWidget.setPalette": lambda: widget.setPalette(QPalette()),
        "QWidget.resize": lambda: widget.resize(300, 200),
        "QLabel.setText": lambda: label.setText("T-0"),
        "QLineEdit.setText": lambda: line.setText("title"),
        "QLayout.setSpacing": lambda: layout.setSpacing(4),
        "QAction.setEnabled": lambda: action.setEnabled(True),
        "QApplication.processEvents": QApplication.processEvents,
    }


def model_calls(qtbot: QtBot) -> Calls:
    model, view = QStandardItemModel(50, 3), QTableView()
    item = QStandardItem("task")
    model.setItem(0, 0, item)
    view.setModel(model)
    qtbot.addWidget(view)
    return {
        "QStandardItem.setText": lambda: item.setText("task"),
        "QStandardItem.setData": lambda: item.setData(None, Qt.ItemDataRole.UserRole),
        "QAbstractItemModel.index and data": lambda: model.index(0, 0, QModelIndex()).data(),
        "QAbstractItemModel.dataChanged": lambda: model.dataChanged.emit(item.index(), item.index(), []),
        "QTableView.scrollTo": lambda: view.scrollTo(model.index(40, 0)),
        "QTableView.setCurrentIndex": lambda: view.setCurrentIndex(model.index(1, 0)),
        "QTableView.setColumnWidth": lambda: view.setColumnWidth(0, 90),
    }


def painter_calls(painter: QPainter) -> Calls:
    rect, path, font = QRectF(0, 0, 9, 9), QPainterPath(), QFont()

    def save_and_restore() -> None:
        painter.save()
        painter.restore()

    pen, brush, colour = QPen(Qt.GlobalColor.red), QBrush(Qt.GlobalColor.blue), QColor("green")
    return {
        "QPainter.setPen": lambda: painter.setPen(pen),
        "QPainter.setBrush": lambda: painter.setBrush(brush),
        "QPainter.setFont": lambda: painter.setFont(font),
        "QPainter.setRenderHint": lambda: painter.setRenderHint(QPainter.RenderHint.Antialiasing, True),
        "QPainter.save and restore": save_and_restore,
        "QPainter.translate": lambda: painter.translate(0.0, 0.0),
        "QPainter.fillRect": lambda: painter.fillRect(rect, colour),
        "QPainter.drawRects": lambda: painter.drawRects([rect, rect]),
        "QPainter.drawLines": lambda: painter.drawLines([QLineF(0, 0, 9, 9)]),
        "QPainter.drawPath": lambda: painter.drawPath(path),
        "QPainter.drawText": lambda: painter.drawText(QRect(0, 0, 9, 9), 0, "4.2"),
    }


def scene_calls() -> Calls:
    scene, item = QGraphicsScene(), QGraphicsRectItem()
    scene.addItem(item)
    return {
        "QGraphicsItem.setPos": lambda: item.setPos(QPointF(1, 1)),
        "QGraphicsItem.setBrush": lambda: item.setBrush(QBrush()),
        "QGraphicsScene.setSceneRect": lambda: scene.setSceneRect(0, 0, 9, 9),
    }


@pytest.fixture
def calls(qtbot: QtBot) -> Iterator[Calls]:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    yield signal_calls() | widget_calls(qtbot) | model_calls(qtbot) | painter_calls(painter) | scene_calls()
    painter.end()


def lost(call: Callable[[], object]) -> int:
    """How many references to None or True went missing over the repeats; the larger of the two."""
    call()
    gc.collect()
    before = [sys.getrefcount(value) for value in COUNTED]
    for _ in range(REPEATS):
        call()
    after = [sys.getrefcount(value) for value in COUNTED]
    return max(first - last for first, last in zip(before, after, strict=True))


def test_no_qt_call_loses_references(calls: Calls) -> None:
    assert len(calls) >= 30

    losses = {name: lost(call) for name, call in calls.items()}

    assert {name: loss for name, loss in losses.items() if loss > MOST_LOST} == {}


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True cannot be deallocated from Python 3.12 on"
)
@pytest.mark.parametrize("value", COUNTED)
def test_a_call_that_drops_one_reference_is_found(value: object) -> None:
    drop, keep = ctypes.pythonapi.Py_DecRef, ctypes.pythonapi.Py_IncRef
    drop.argtypes = keep.argtypes = [ctypes.py_object]
    drop.restype = keep.restype = None

    for _ in range(10 * REPEATS):
        keep(value)
    loss = lost(lambda: drop(value))

    assert loss > REPEATS - MOST_LOST
