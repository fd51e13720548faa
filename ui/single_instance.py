"""One window per profile: a second start asks the first to come forward and ends."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1500


class SingleInstance(QObject):
    """Listens for later starts on the same profile; `raised` when one asks. Only this user can connect."""

    raised = Signal()

    def __init__(self, profile: Path) -> None:
        super().__init__()
        self._name = server_name(profile)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)

    def listen(self) -> bool:
        """Begin listening; call it while holding the profile's lock, so that a leftover socket is known to be dead."""
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _asked(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.raised.emit()


def raise_other(profile: Path) -> bool:
    """Ask a running window of this profile to come forward; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(profile))
    found = socket.waitForConnected(_WAIT_MS)
    if found and socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
        socket.waitForDisconnected(_WAIT_MS)
    return found


def server_name(profile: Path) -> str:
    """Name of the profile's local socket: short, the same for every way of writing its path."""
    return f"cmdesk-{hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:20]}"
