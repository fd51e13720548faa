"""The wire: reads requests off sockets, spoils the deliveries that a fault ordered, survives its clients' deaths."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import socket
import struct
import threading
import time
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from cmdesk.networks.sandbox.entities import iso
from cmdesk.networks.sandbox.faults import Fault, Plan
from cmdesk.networks.sandbox.oddities import spoil
from cmdesk.networks.sandbox.web import Answer, Request, Seen, pairs

if TYPE_CHECKING:
    from cmdesk.networks.sandbox.server import SandboxServer

log = logging.getLogger(__name__)
BIGGEST_BODY = 120 * 1024 * 1024
_PORTAL = (
    b"<!DOCTYPE html><html><head><title>Hotel Wi-Fi</title></head><body><h1>Welcome</h1>"
    b"<form action='/login' method='post'><button>Accept and connect</button></form></body></html>"
)


class Door(ThreadingMixIn, HTTPServer):
    """The listening socket with a thread for each connection; knows its connections so that it can end them."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every open connection and wait for its thread."""
        with self._guard:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + 5
        while self._open and time.monotonic() < end:
            time.sleep(0.005)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("sandbox: connection ended", exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Door
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the client died or the server hung up: nothing to answer
            self.close_connection = True

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or len(self.raw_requestline) > 65536 or not self.parse_request():
            self.close_connection = True
            return
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BIGGEST_BODY:
            self._send(Answer({"error": "Request Entity Too Large"}, 413))
            self.close_connection = True
            return
        wanted = int(length)
        body = self.rfile.read(wanted) if wanted else b""
        if len(body) < wanted:  # the client was killed while it sent: a real server drops the request
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = pairs(parse_qsl(parts.query, keep_blank_values=True))
        self._answer(Request(self.command, parts.path, query, headers, body))

    def _answer(self, request: Request) -> None:
        sandbox = self.server.sandbox
        account = sandbox.account_of(request.bearer)
        control_path = request.path.startswith("/sandbox/")
        plan = Plan([]) if control_path else sandbox.faults.plan(request.method, request.path, account)
        fault = plan.delivery
        if fault is not None and fault.kind in ("revoked_token", "expired_token"):
            fault_answer = sandbox.dispatch(request, plan)
            self._note(request, account, fault_answer.status)
            return self._send(fault_answer)
        if fault is None:
            answer = sandbox.dispatch(request, plan)
            if odd := plan.mode("odd_payload"):
                answer = self._odd(answer, odd)
            if plan.mode("wrong_author"):
                self._forge(answer)
            self._note(request, account, answer.status)
            return self._send(answer, head=request.method == "HEAD")
        if fault.kind == "late_commit":
            sandbox.world.later(fault.wait, lambda: sandbox.dispatch(request, plan))
        done = sandbox.dispatch(request, plan) if fault.takes_effect else None
        self._note(request, account, 0)
        return self._spoilt(fault, done or Answer({}))

    def _note(self, request: Request, account: str, status: int) -> None:
        sandbox = self.server.sandbox
        sandbox.requests.append(
            Seen(
                sandbox.world.clock.now(),
                request.method,
                request.path,
                request.query,
                account,
                bool(request.headers.get("authorization")),
                status,
                request.headers.get("idempotency-key", ""),
                request.headers.get("user-agent", ""),
            )
        )

    def _odd(self, answer: Answer, fault: Fault) -> Answer:
        if isinstance(answer.data, bytes) or answer.status >= 400:
            return answer
        body, headers = spoil(answer.data, fault)
        return Answer(body, answer.status, answer.headers | headers)

    def _forge(self, answer: Answer) -> None:
        """Put another local account's name on the answer."""
        if not isinstance(answer.data, dict) or "account" not in answer.data:
            return
        sandbox = self.server.sandbox
        true = answer.data["account"]["id"]
        others = [p for p in sandbox.world.book.people.values() if p.id != true]
        others.sort(key=lambda p: bool(p.domain))
        if others:
            answer.data["account"] = sandbox.entities(None).account(others[0])

    # -- bytes ---------------------------------------------------------------------------------------------------

    def _head(self, status: int, headers: dict[str, str]) -> bytes:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _pack(self, answer: Answer, *, length: int | None = None) -> tuple[bytes, bytes]:
        body = answer.payload()
        headers = {
            "Date": self.date_time_string(),
            "Server": "Mastodon",
            "Content-Type": answer.mime,
            "Content-Length": str(len(body) if length is None else length),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        } | answer.headers
        if self.close_connection:
            headers["Connection"] = "close"
        return self._head(answer.status, headers), body

    def _send(self, answer: Answer, *, head: bool = False) -> None:
        top, body = self._pack(answer)
        # One write: the head and a small body travel in one packet.
        self.wfile.write(top if head else top + body)

    def _reset(self) -> None:
        """Close with RST, as a crashed peer or a cut cable does."""
        self.close_connection = True
        # Windows' struct linger has shorts. The RST leaves when the handler's files are closed too, right after this.
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        )
        self.connection.close()

    def _spoilt(self, fault: Fault, answer: Answer) -> None:
        sandbox = self.server.sandbox
        kind = fault.kind
        self.close_connection = True
        if kind in ("reset_before", "drop_after_commit"):
            return self._reset()
        if kind == "late_commit" and fault.code == 0:
            return self._reset()
        if kind == "stall":
            sandbox.halt.wait(fault.wait)
            return None
        if kind in ("status", "late_commit"):
            return self._send(Answer({"error": HTTPStatus(fault.code).phrase}, fault.code, self._retry(fault)))
        if kind == "rate_limited":
            reset = sandbox.world.clock.now() + timedelta(seconds=fault.retry_after or 300)
            limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": iso(reset)}
            headers = self._retry(fault) | (limits if fault.retry_after is not None else {})
            return self._send(Answer({"error": "Too many requests"}, 429, headers))
        if kind == "redirect":
            return self._send(Answer(b"", fault.code, {"Location": fault.location}, "text/html"))
        if kind == "captive_portal":
            return self._send(Answer(_PORTAL, 200, {}, "text/html; charset=utf-8"))
        if kind == "garbage":
            noise = random.Random(fault.seed).randbytes(fault.size or 512)
            return self._send(Answer(noise, 200))
        if kind == "empty_body":
            return self._send(Answer(b"", 200))
        return self._cut(fault, answer)

    @staticmethod
    def _retry(fault: Fault) -> dict[str, str]:
        return {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}

    def _cut(self, fault: Fault, answer: Answer) -> None:
        """The deliveries that break off on the way."""
        off = fault.size or 64
        top, body = self._pack(answer, length=len(answer.payload()) + off if fault.kind == "wrong_length" else None)
        if fault.kind == "reset_after":
            self.wfile.write(top + body[:1])
            time.sleep(0.02)  # lets the first bytes arrive before the RST discards them
            return self._reset()
        if fault.kind == "truncated_body":
            self.wfile.write(top + body[: len(body) // 2])
            return None
        if fault.kind == "wrong_length":
            self.wfile.write(top + body)
            return None
        whole = top + body
        pause = fault.wait / max(1, len(whole))
        step = max(1, int(0.005 / pause)) if pause > 0 else len(whole)
        for at in range(0, len(whole), step):
            self.wfile.write(whole[at : at + step])
            if self.server.sandbox.halt.wait(pause * step):
                return None
        return None

    def log_message(self, format: str, *args: Any) -> None:
        log.debug("sandbox: " + format, *args)
