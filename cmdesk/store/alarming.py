"""Look for sparks after a reading: bounded counts of equal hours of the past, and one alarm a fire (N14, W6).

Only what is surely negative counts as negative: a guess raises no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cmdesk.care.alarm import AROUND, DAYS, LEAST_SAMPLES, QUIET, WEEKS, WINDOW, Before, Said, Spark, sparks
from cmdesk.care.values import Alarm
from cmdesk.care.verdict import SURE
from cmdesk.clock import from_ms, to_ms
from cmdesk.planning.zones import to_wall, zone_named
from cmdesk.store import crisis
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import scalar

_IDS = 20  # a message's id is its time in milliseconds, shifted by so many bits (schema.sql)
_MOST = 2_000  # so many messages of an hour are looked at
_EARLIER = 400  # and so many texts of the past, for the word that stands out
_SILENT = 3  # after so many weeks or days without a message there was no brand before
_KEPT = 200  # conversations named by one alarm

_SAID = (
    "SELECT m.conversation_id, m.created_at, m.text,"
    " coalesce(t.sentiment = 'negative' AND t.confidence >= ?5, 0), m.identity_id,"
    " coalesce(i.followers, 0) FROM message m LEFT JOIN triage t ON t.message_id = m.id"
    " LEFT JOIN identity i ON i.id = m.identity_id"
    " WHERE m.id >= ?1 AND m.id < ?2 AND m.brand_id = ?3 AND m.direction = 'in' AND m.deleted_at IS NULL"
    " ORDER BY m.id DESC LIMIT ?4"
)
_COUNT = (
    "SELECT count(*), coalesce(sum(t.sentiment = 'negative' AND t.confidence >= ?4), 0)"
    " FROM message m LEFT JOIN triage t ON"
    " t.message_id = m.id WHERE m.id >= ?1 AND m.id < ?2 AND m.brand_id = ?3 AND m.direction = 'in'"
)
_ANY = "SELECT 1 FROM message WHERE id >= ? AND id < ? AND brand_id = ? AND direction = 'in' LIMIT 1"
_TEXTS = (
    "SELECT text FROM message WHERE id < ?1 AND id >= ?2 AND brand_id = ?3 AND direction = 'in' ORDER BY id DESC"
    " LIMIT ?4"
)


def look(tx: Transaction, brand_id: int) -> list[int]:
    """Compare a brand's last hour with what is usual and keep what is unusual; returns the alarms that are new.

    A fire that goes on makes its alarm grow; one that was put away stays so until it was quiet for three hours.
    """
    said = _said(tx.conn, brand_id, now=tx.now)
    if not said:
        return []
    before = history(tx.conn, brand_id, now=tx.now)
    zone_name = tx.conn.execute("SELECT name FROM brand WHERE id = ?", (brand_id,)).fetchone()
    if zone_name is None:
        return []
    earlier = (
        row[0]
        for row in tx.conn.execute(
            _TEXTS, (_id_at(tx.now - WINDOW), _id_at(tx.now - timedelta(days=DAYS)), brand_id, _EARLIER)
        )
    )
    handles = [row[0] for row in tx.conn.execute("SELECT handle FROM account WHERE brand_id = ?", (brand_id,))]
    found = sparks(said, before, now=tx.now, earlier=earlier, own=" ".join([zone_name[0], *handles]))
    return [alarm_id for each in found if (alarm_id := _keep(tx, brand_id, each)) is not None]


def history(reader: Reader, brand_id: int, *, now: datetime) -> list[Before]:
    """Return what the equal hours of the past had: this hour of the week, else this hour of the day, else nothing.

    Hours are the brand's wall time, so that neither summer time nor a weekend looks like a fire. Weeks and days
    without any message around that time are no history: the brand was not read then.
    """
    zone = scalar(reader, "SELECT zone FROM brand WHERE id = ?", (brand_id,)) or "UTC"
    weekly = list(_windows(reader, brand_id, zone, now=now, step=timedelta(days=7), times=WEEKS))
    if len(weekly) >= LEAST_SAMPLES:
        return weekly
    daily = list(_windows(reader, brand_id, zone, now=now, step=timedelta(days=1), times=DAYS))
    return daily if len(daily) >= LEAST_SAMPLES else []


def _windows(
    reader: Reader, brand_id: int, zone: str, *, now: datetime, step: timedelta, times: int
) -> Iterator[Before]:
    wall, fold = to_wall(now, zone)
    local = datetime.fromisoformat(wall)
    silent, near = 0, min(step / 2, timedelta(days=1))
    for number in range(1, times + 1):
        then = local - number * step
        middle = then.replace(tzinfo=zone_named(zone), fold=fold).astimezone(UTC)
        if not reader.execute(_ANY, (_id_at(middle - near), _id_at(middle + near), brand_id)).fetchone():
            silent += 1
            if silent == _SILENT:
                return  # looking for what is not there would read other brands' messages for nothing
            continue
        silent = 0
        for shift in AROUND:
            end = middle + shift
            count, negative = reader.execute(_COUNT, (_id_at(end - WINDOW), _id_at(end), brand_id, SURE)).fetchone()
            yield Before(count, negative)


def _said(reader: Reader, brand_id: int, *, now: datetime) -> list[Said]:
    rows = reader.execute(
        _SAID, (_id_at(now - WINDOW), _id_at(now + timedelta(minutes=5)), brand_id, _MOST, SURE)
    ).fetchall()
    return [Said(row[0], from_ms(row[1]), row[2], bool(row[3]), str(row[4] or ""), row[5]) for row in rows]


def _keep(tx: Transaction, brand_id: int, spark: Spark) -> int | None:
    """Keep a spark: None when an alarm tells of it already (it grows), else the new alarm's id."""
    kinds = ("reach",) if spark.kind == "reach" else ("negative", "volume")
    known = [found for kind in kinds if (found := crisis.last_alarm(tx.conn, brand_id, kind)) is not None]
    alive = [alarm for alarm, until in known if tx.now - until <= QUIET]
    if not alive:
        return crisis.add_alarm(tx, _alarm(0, brand_id, spark, at=tx.now))
    alarm = max(alive, key=lambda each: each.id)
    ids = tuple(dict.fromkeys((*spark.conversation_ids, *alarm.conversation_ids)))[:_KEPT]
    graver = spark.kind != alarm.kind and spark.kind == "negative"
    told = spark if graver or (spark.kind == alarm.kind and spark.count >= alarm.count) else _as_spark(alarm)
    crisis.grow_alarm(tx, _alarm(alarm.id, brand_id, told, at=alarm.at, conversation_ids=ids))
    return None


def _alarm(
    alarm_id: int,
    brand_id: int,
    spark: Spark,
    *,
    at: datetime,
    conversation_ids: tuple[int, ...] | None = None,
) -> Alarm:
    ids = spark.conversation_ids[:_KEPT] if conversation_ids is None else conversation_ids
    return Alarm(
        id=alarm_id, brand_id=brand_id, kind=spark.kind, at=at, count=spark.count, minutes=spark.minutes,
        usual=spark.usual, word=spark.word, conversation_ids=ids, reach=spark.reach,
    )  # fmt: skip


def _as_spark(alarm: Alarm) -> Spark:
    return Spark(alarm.kind, alarm.count, alarm.minutes, alarm.usual, alarm.word, alarm.conversation_ids, alarm.reach)


def _id_at(at: datetime) -> int:
    return to_ms(at) << _IDS
