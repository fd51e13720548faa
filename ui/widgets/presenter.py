"""Shows notices over a window: toasts at its bottom, errors and questions as its dialogs."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QWidget

from ui.notices import Answer, ErrorReport, Question, Toasted
from ui.widgets.dialogs import ErrorDialog, QuestionDialog
from ui.widgets.toast import ToastHost


class WindowPresenter:
    """`notices.set_presenter(WindowPresenter(window))` once the window exists."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.toasts = ToastHost(window)
        self._errors: list[ErrorDialog] = []

    def show_toast(self, toast: Toasted, /) -> None:
        """At the bottom of the window."""
        self.toasts.show(
            toast.text, tone=toast.tone, seconds=toast.seconds, action=toast.action, on_action=toast.undo,
            on_end=toast.on_end,
        )  # fmt: skip

    def show_error(self, report: ErrorReport, /) -> None:
        """As a dialog; the same error again while its dialog is open does not open a second one."""
        if any(dialog.windowTitle() == report.what for dialog in self._errors):
            return
        dialog = ErrorDialog(report, self._window)
        self._errors.append(dialog)
        dialog.finished.connect(lambda _code: self._forget(dialog))
        dialog.open()

    def show_question(self, question: Question, reply: asyncio.Future[Answer | None], /) -> None:
        """As a dialog that fills the reply."""
        dialog = QuestionDialog(question, self._window)

        def answered(_code: int) -> None:
            if not reply.done():
                reply.set_result(dialog.answer())
            dialog.deleteLater()

        dialog.finished.connect(answered)
        reply.add_done_callback(lambda done: dialog.reject() if done.cancelled() else None)
        dialog.open()

    def _forget(self, dialog: ErrorDialog) -> None:
        self._errors.remove(dialog)
        dialog.deleteLater()
