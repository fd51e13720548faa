"""Connections under the HTTP layer: a checked peer, one deadline for the whole exchange, and whether bytes left."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.retry import Retry

from cmdesk.networks.addresses import allowed_peer


class PeerRefused(Exception):
    """The name led to an address the desk does not talk to; nothing was sent."""


class Wire:
    """What the connections of one client share during one call."""

    def __init__(self, *, loopback: bool) -> None:
        self.loopback = loopback
        self.started = False  # bytes of the request may have left this machine
        self.deadline = 0.0  # on time.monotonic()
        self.read_s = 30.0

    def begin(self, *, total_s: float, read_s: float) -> None:
        """Reset for a call that may last `total_s` seconds in all and `read_s` without a byte."""
        self.started = False
        self.deadline = time.monotonic() + total_s
        self.read_s = read_s

    def left(self) -> float:
        """Return the seconds this call still has; TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        return left


class _DeadlineReader(io.RawIOBase):
    """Reads a socket so that many small waits cannot add up beyond the deadline (slow drip)."""

    def __init__(self, raw: Any, sock: Any, wire: Wire) -> None:
        self._raw = raw
        self._sock = sock
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(min(self._wire.left(), self._wire.read_s))
        got: int | None = self._raw.readinto(buffer)
        return got

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _Response(http.client.HTTPResponse):
    """The standard parser over a reader with a deadline."""

    def __init__(self, sock: Any, *args: Any, wire: Wire, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        buffered: Any = self.fp
        self.fp = io.BufferedReader(_DeadlineReader(buffered.detach(), sock, wire))


class _Guard:
    """Mixed into urllib3's connections."""

    wire: Wire
    sock: Any

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        peer = str(sock.getpeername()[0])
        if not allowed_peer(peer, loopback=self.wire.loopback):
            sock.close()
            raise PeerRefused(peer)
        return sock

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        self.wire.started = True
        self.sock.settimeout(self.wire.left())
        super().send(data)  # type: ignore[misc]


class GuardedAdapter(HTTPAdapter):
    """A requests transport whose connections follow one `Wire`."""

    def __init__(self, wire: Wire, *, retries: Retry) -> None:
        self._wire = wire
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build the pools with connections of our own (called by requests)."""
        super().init_poolmanager(*args, **kwargs)
        shared = {"wire": self._wire, "response_class": functools.partial(_Response, wire=self._wire)}
        plain = type("PlainConnection", (_Guard, HTTPConnection), shared)
        secure = type("SecureConnection", (_Guard, HTTPSConnection), shared)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
