"""Closing a profile while others read it: their query ends, none crashes, and later ones are refused."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from cmdesk.errors import StoreError
from cmdesk.store.db import Reader, Store


def endless(reader: Reader) -> int:
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    return int(reader.execute(query).fetchone()[0])


def one(reader: Reader) -> int:
    return int(reader.execute("SELECT 1").fetchone()[0])


def test_a_running_query_is_ended(tmp_path: Path) -> None:
    store = Store(tmp_path / "desk.db")
    ended: list[BaseException] = []

    def read() -> None:
        try:
            store.read(endless)
        except StoreError as error:
            ended.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    while not store._reading:
        time.sleep(0.001)
    store.close()
    thread.join(5)
    assert len(ended) == 1
    with pytest.raises(StoreError) as refused:
        store.read(one)
    assert refused.value.code == "closed"


def test_readers_and_closing_never_meet(tmp_path: Path) -> None:
    for _round in range(20):
        store = Store(tmp_path / "desk.db")
        begun = threading.Barrier(5)

        def read(store: Store = store, begun: threading.Barrier = begun) -> None:
            begun.wait()
            try:
                while True:
                    assert store.read(one) == 1
            except StoreError:
                return

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        begun.wait()
        store.close()
        for thread in threads:
            thread.join(5)
            assert not thread.is_alive()
