"""A small network on this machine that speaks the Mastodon client API: for the demo, tests and screenshots."""

from __future__ import annotations

from cmdesk.networks.sandbox.clock import SandboxClock
from cmdesk.networks.sandbox.faults import Fault
from cmdesk.networks.sandbox.server import NO_LIMITS, Limits, SandboxServer
from cmdesk.networks.sandbox.world import World

__all__ = ["NO_LIMITS", "Fault", "Limits", "SandboxClock", "SandboxServer", "World"]
