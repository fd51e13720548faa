"""The start: the window with its first page is there before what only the network, secrets or pictures need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cmdesk.commands import brands as deciding
from cmdesk.desk import Desk

ROOT = Path(__file__).parents[2]
HEAVY = (
    "requests",
    "urllib3",
    "keyring",
    "PIL",
    "babel",
    "cryptography",
    "cmdesk.networks.http",
    "cmdesk.networks.sandbox",
)

START = f"""
import sys
from pathlib import Path
from ui import application

def begin(session, *, demo):
    window = session.window
    print(window.isVisible(), window.page_key, [name for name in {HEAVY} if name in sys.modules], flush=True)
    session.ended.set()

application.Session.begin = begin
raise SystemExit(application.run(Path(sys.argv[1]), demo=False))
"""


def _start(profile: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", START, str(profile)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_the_first_page_is_there_before_the_heavy_parts(profile: Path) -> None:
    assert _start(profile) == "True welcome []"
    desk = Desk(profile)
    desk.run_now(deciding.add_brand, name="Panadería", zone="Europe/Madrid", language="es", color="#C2703D")
    desk.close_now()
    assert _start(profile) == "True inbox []"
