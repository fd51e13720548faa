"""`python -m cmdesk.networks.sandbox`: the sandbox alone; prints one line `READY {"url", "tokens", ...}`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from cmdesk.networks.sandbox.clock import SandboxClock
from cmdesk.networks.sandbox.server import NO_LIMITS, Limits, SandboxServer


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT, or the death of the parent when --with-parent is given."""
    options = argparse.ArgumentParser(prog="cmdesk.networks.sandbox", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--world", default="small", choices=("small", "demo", "empty"))
    options.add_argument("--state", type=Path, help="folder that keeps the world over restarts")
    options.add_argument("--live", type=float, default=0.0, help="new mentions an hour (demo world)")
    options.add_argument("--clock", type=datetime.fromisoformat, help="the moment to begin at, ISO with zone")
    options.add_argument("--no-limits", action="store_true", help="no rate limits")
    options.add_argument("--rate-limit", type=int, default=300, help="requests in 5 minutes")
    options.add_argument("--without", default="", help="features to lack, with commas")
    options.add_argument("--software", default="mastodon/4.5.2", help="NAME/VERSION in nodeinfo")
    options.add_argument("--media-delay", type=float, default=0.0, help="seconds until an upload is ready")
    options.add_argument("--with-parent", action="store_true", help="end when the starting process ends")
    chosen = options.parse_args(argv)

    clock = SandboxClock()
    if chosen.clock is not None:
        clock.set(chosen.clock)
    name, _, version = chosen.software.partition("/")
    server = SandboxServer(
        port=chosen.port,
        world=chosen.world,
        clock=clock,
        seed=chosen.seed,
        state=chosen.state,
        live=chosen.live,
        limits=NO_LIMITS if chosen.no_limits else Limits(requests=chosen.rate_limit),
        without=frozenset(filter(None, chosen.without.split(","))),
        software=(name, version),
        media_delay=chosen.media_delay,
    )
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    parent = os.getppid()
    with server:
        line = json.dumps({"url": server.url, "port": server.port, "tokens": server.tokens, "pid": os.getpid()})
        sys.stdout.write(f"READY {line}\n")
        sys.stdout.flush()
        while not over.wait(0.5):
            if chosen.with_parent and os.getppid() != parent:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
