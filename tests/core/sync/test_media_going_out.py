"""Media on their way: cut as sealed, films as they are, and a file that vanished is told with its reason."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

from cmdesk.clock import FixedClock
from cmdesk.media import import_media
from cmdesk.model import DeliveryState
from cmdesk.store.media import add_media
from cmdesk.sync.engine import Engine
from cmdesk.wording import explain_reason
from tests.core.sync.driving import publish
from tests.helpers.desks import TestDesk
from tests.helpers.scripted_network import ScriptedNetwork


def taken(bench: TestDesk, tmp_path: Path) -> tuple[int, Path]:
    source = tmp_path / "in.png"
    Image.frombytes("RGB", (40, 30), random.Random(1).randbytes(3600)).save(source)
    info = import_media(source, bench.desk.media_folder)
    return bench.desk.run_now(add_media, bench.brand_id, info).id, bench.desk.media_folder / info.file_name


def test_a_file_deleted_before_its_hour_is_told(
    bench: TestDesk, server: ScriptedNetwork, engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    media_id, file = taken(bench, tmp_path)
    (sent,) = bench.post("Pan", media=[(media_id, "una hogaza")])
    file.unlink()
    publish(engine)
    delivery = bench.delivery(sent)
    assert (delivery.state, delivery.reason_code) == (DeliveryState.REJECTED, "media_missing")
    assert server.posts == []
    told = explain_reason(delivery.reason_code, delivery.reason_detail)
    assert told.what.startswith("The file is not there")
    assert "take it out and add it again" in told.todo
