"""JSON and fields from strangers: bounded, mended or refused, never a crash (F10, RELIABILITY 35)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, strategies as st

from cmdesk.networks import payload

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**50), 10**50)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":1}', {"a": 1}),
        (b'"\\ud800"', "\ufffd"),
        (b'"\\ud83e\\udd50"', "🥐"),
        (b'{"a":NaN,"b":-Infinity,"c":1}', {"a": None, "b": None, "c": 1}),
        (b"[" + b"9" * 5000 + b",1]", [None, 1]),
        (b"[1e999, 1]", [None, 1]),
        (b'"\xff"', "\ufffd"),
        (b"9223372036854775808", 1 << 63),
    ],
)
def test_odd_but_readable(raw: bytes, value: object) -> None:
    assert payload.decode(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"<html>",
        b"[1,]",
        b"\x00",
        b"[" * 1100 + b"]" * 1100,
        b"[" * 100_000,
        b"[" * 70 + b"]" * 70,
        b'{"a":' * 90,
    ],
    ids=lambda raw: repr(raw[:8]),
)
def test_what_is_refused(raw: bytes) -> None:
    start = time.process_time()
    with pytest.raises(ValueError):
        payload.decode(raw)
    assert time.process_time() - start < 1


@given(st.binary(max_size=400))
def test_bytes_never_crash_it(raw: bytes) -> None:
    try:
        value = payload.decode(raw)
    except ValueError:
        return
    payload.as_raw(value).encode()


@given(JSON)
def test_what_it_reads_can_be_stored(value: object) -> None:
    raw = json.dumps(value).encode("utf-8", "surrogatepass")
    kept = payload.as_raw(payload.decode(raw))
    kept.encode("utf-8")
    assert len(kept) <= payload.MAX_RAW


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T10:00:00.123456+01:00", datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)),
        ("2026-03-02T09:00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_times(written: str, at: datetime) -> None:
    assert payload.moment(written) == at


@pytest.mark.parametrize(
    "written", ["", "soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1" * 5000, "2026-02-30"]
)
def test_times_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match="time"):
        payload.moment(written)
    assert payload.maybe_moment(written) is None


@given(st.text())
def test_ids_links_and_names_hold_nothing_hostile(written: str) -> None:
    link = payload.web_link(written)
    assert link == "" or link.lower().startswith(("http://", "https://"))
    assert "\n" not in payload.person_name(written) and len(payload.person_name(written)) <= 500
    try:
        kept = payload.identifier(written)
    except ValueError:
        return
    assert kept == written and kept.isprintable() and kept


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3), (0, 0), (-1, None), (True, None), (1 << 60, None), ("3", None), (None, None)]
)
def test_counters(value: object, number: int | None) -> None:
    assert payload.count(value) == number


def test_a_shape_that_does_not_fit_names_the_field() -> None:
    class Thing(msgspec.Struct):
        id: str

    with pytest.raises(ValueError, match=r"\$\.id"):
        payload.shaped({"id": 1}, Thing)


_MEET_EVERY_SHAPE = """
import importlib, pkgutil, sys, msgspec, cmdesk.networks
names = [each.name for each in pkgutil.iter_modules(cmdesk.networks.__path__, "cmdesk.networks.")]
shapes = {
    shape
    for name in names
    for shape in vars(importlib.import_module(name)).values()
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape is not msgspec.Struct
}
unlearned = []
for shape in shapes:
    looked = set()
    sys.setprofile(lambda frame, event, arg: looked.add(frame.f_code.co_name))
    try:
        msgspec.convert({}, shape)
    except msgspec.ValidationError:
        pass
    sys.setprofile(None)
    if "get_class_annotations" in looked:
        unlearned.append(f"{shape.__module__}.{shape.__name__}")
print(len(shapes), *unlearned)
"""


def test_every_shape_is_learned_when_its_module_is_imported() -> None:
    """msgspec's first look at a shape ends the program when two accounts meet there; afterwards nothing is built."""
    done = subprocess.run([sys.executable, "-c", _MEET_EVERY_SHAPE], capture_output=True, text=True, check=True)
    count, *unlearned = done.stdout.split()
    assert int(count) > 15 and unlearned == []
