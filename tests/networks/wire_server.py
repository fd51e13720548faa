"""A server of raw sockets: answers exactly the bytes a test asks for, and records what it was sent."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Act = Callable[[socket.socket], None]


def answer(body: bytes = b"{}", *, status: str = "200 OK", kind: str = "application/json", more: str = "") -> bytes:
    """Return a whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


@dataclass
class RawServer:
    """Listens on loopback; every connection is served `plan` (bytes, or a function of the socket)."""

    plan: bytes | Act = b""
    requests: list[bytes] = field(default_factory=list)
    port: int = 0
    reads_head: bool = True
    reads_body: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.requests.append(self.request_of(connection) if self.reads_head else b"")
                    if callable(self.plan):
                        self.plan(connection)
                    else:
                        connection.sendall(self.plan)
                except OSError:
                    continue

    def request_of(self, connection: socket.socket) -> bytes:
        """Read one request: who closes on an unread body resets the connection, and the answer with it."""
        data = b""
        while b"\r\n\r\n" not in data:
            got = connection.recv(65536)
            if not got:
                return data
            data += got
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
        while self.reads_body and len(body) < length:
            got = connection.recv(65536)
            if not got:
                break
            body += got
        return head + b"\r\n\r\n" + body


@contextmanager
def raw_server(plan: bytes | Act = b"") -> Iterator[RawServer]:
    """Run a raw server for the length of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = RawServer(plan, port=listener.getsockname()[1])
        stop = threading.Event()
        thread = threading.Thread(target=server.serve, args=(listener, stop))
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def reset(connection: socket.socket) -> None:
    """End a connection with a reset instead of a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def hold(seconds: float) -> Act:
    """Say nothing until the other side gives up."""

    def act(connection: socket.socket) -> None:
        connection.settimeout(seconds)
        connection.recv(1)

    return act


def drip(start: bytes, *, every_s: float = 0.05) -> Act:
    """Send `start`, then a blank now and then for ever."""

    def act(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            time.sleep(every_s)
            connection.sendall(b" ")

    return act


def cut(data: bytes, *, with_reset: bool = False) -> Act:
    """Send `data` and end the connection."""

    def act(connection: socket.socket) -> None:
        connection.sendall(data)
        if with_reset:
            time.sleep(0.05)  # else the reset overtakes the bytes
            reset(connection)

    return act


def vanish(connection: socket.socket) -> None:
    """End the connection with a reset before any byte."""
    reset(connection)
