"""The sample communities: three brands, their public, and three months of talk that end just now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from cmdesk.networks.sandbox.records import Person, Status
from cmdesk.networks.sandbox.sample import demo_data
from cmdesk.networks.sandbox.say import Say
from cmdesk.networks.sandbox.world import World

_AGO = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?")
PICTURE_SIZE = (1200, 900)


def fill_demo(world: World) -> None:
    """Put the sample communities into an empty world; all times are told from the world's present moment."""
    people = {p["acct"]: _person(world, p) for p in demo_data("people")}
    short = {acct.split("@")[0]: person for acct, person in people.items()}
    story = _Story(world, short | people)
    for brand in demo_data("brands"):
        story.add_brand(brand)
    story.tell()


def _person(world: World, row: dict[str, Any]) -> Person:
    born = world.clock.now() - timedelta(days=300 + len(row["acct"]) * 37)
    return world.add_person(row["acct"], created_at=born, **{k: v for k, v in row.items() if k != "acct"})


def in_season(season: list[str] | None, day: date) -> bool:
    """Whether `day` lies between two month-days, over new year too; always without a season."""
    if not season:
        return True
    first, last = season
    here = f"{day:%m-%d}"
    return first <= here <= last if first <= last else here >= first or here <= last


def ago(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that "12d 18:20" (days ago, local time), "5h20m" or "40m" means, never later than `now`; aware UTC.

    What was hours ago keeps out of the night: at breakfast, "5h" is late the evening before.
    """
    local = now.astimezone(zone)
    if "d " in text:
        days, clock = text.split("d ")
        hour, minute = (int(part) for part in clock.split(":"))
        day = local.date() - timedelta(days=int(days))
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        return (moment if moment <= local else moment - timedelta(days=1)).astimezone(UTC)
    match = _AGO.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"{text!r} is no time ago")
    back = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    moment = local - back
    if back >= timedelta(hours=3) and moment.hour < 7:
        moment -= timedelta(hours=moment.hour + 2)
    return moment.astimezone(UTC)


class _Story:
    """Collects what happens, then lets it happen in the order of time."""

    def __init__(self, world: World, people: dict[str, Person]) -> None:
        self.world = world
        self.people = people
        self.say = Say(world)
        self.now = world.clock.now()
        self.random = Random(world.seed)
        self.named: dict[str, Status] = {}
        self._posted: dict[str, datetime] = {}
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []

    def tell(self) -> None:
        """Let everything happen."""
        for _, _, event in sorted(self._events, key=lambda row: row[:2]):
            event()
        self._events.clear()

    def _at(self, moment: datetime, event: Callable[[], object]) -> None:
        if moment <= self.now:
            self._events.append((moment, len(self._events), event))

    def add_brand(self, brand: dict[str, Any]) -> None:
        """A brand's accounts, its posts and what people said to it."""
        zone = ZoneInfo(brand["zone"])
        accounts = [self._account(brand, row) for row in brand["accounts"]]
        main = accounts[0]
        for post in demo_data(f"posts-{brand['key']}"):
            self._post(main, post, zone)
        for talk in demo_data(f"talk-{brand['key']}"):
            account = next((a for a in accounts if a.username == talk.get("to")), main)
            self._talk(account, talk, zone)
        self._elsewhere(demo_data("listening")[brand["key"]], zone)
        for account in accounts:
            self._followers(account)

    def _elsewhere(self, row: dict[str, Any], zone: ZoneInfo) -> None:
        """What is said to nobody in particular, and what competitors say: found by listening alone."""
        for rival in row["rivals"]:
            known = {name: value for name, value in rival.items() if name not in ("day", "posts")}
            person = _person(self.world, known)
            for post in rival["posts"]:
                self._say_out(person, post, zone)
        for said in row["said"]:
            self._say_out(self.people[said["by"]], said, zone)

    def _say_out(self, who: Person, row: dict[str, Any], zone: ZoneInfo) -> None:
        moment = ago(row["when"], now=self.now, zone=zone)

        def speak() -> None:
            status = self.world.publish(who, row["text"], at=moment, language=who.language)
            status.quiet_likes, status.quiet_boosts = row.get("likes", 0), row.get("boosts", 0)

        self._at(moment, speak)

    def _account(self, brand: dict[str, Any], row: dict[str, Any]) -> Person:
        return self.world.add_person(
            row["username"],
            name=row["name"],
            note=row["note"],
            fields=[(name, value) for name, value in row["fields"]],
            avatar=brand["logo"],
            header=row["header"],
            followers=row["followers"][1],
            following=row["following"],
            statuses_before=row["statuses_before"],
            language=brand["language"],
            created_at=self.now - timedelta(days=1900),
        )

    def _followers(self, account: Person) -> None:
        """Some of the public follow the account; the total it shows stays as written."""
        total = account.followers
        for person in {id(p): p for p in self.people.values()}.values():
            if self._speaks(person, account) and self.random.random() < 0.75:
                moment = self.now - timedelta(days=self.random.uniform(0.3, 80))
                self._at(moment, partial(self.world.follow, person, account, at=moment))

        def settle() -> None:
            account.followers = total

        self._at(self.now, settle)

    @staticmethod
    def _speaks(person: Person, account: Person) -> bool:
        return (person.language == "en") == (account.language == "en")

    def _post(self, author: Person, post: dict[str, Any], zone: ZoneInfo) -> None:
        moment = ago(post["when"], now=self.now, zone=zone)
        if "weekday" in post:
            moment -= timedelta(days=(moment.astimezone(zone).weekday() - post["weekday"]) % 7)
        if not in_season(post.get("season"), moment.date()):
            return
        self._posted[post["id"]] = moment

        def publish() -> None:
            status = self.world.publish(
                author,
                post["text"],
                at=moment,
                language=post.get("lang", author.language),
                media=[self._picture(author, file, alt, moment) for file, alt in post.get("media", [])],
                app="CM Desk",
            )
            self.named[post["id"]] = status
            status.quiet_likes, status.quiet_boosts = post.get("likes", 0), post.get("boosts", 0)

        self._at(moment, publish)
        self._applause(author, post, moment)

    def _picture(self, owner: Person, file: str, alt: str, moment: datetime) -> str:
        width, height = PICTURE_SIZE
        media = self.world.add_media(owner, mime="image/png", file=file, description=alt, width=width, height=height)
        media.ready_at = media.created_at = moment
        return media.id

    def _applause(self, author: Person, post: dict[str, Any], moment: datetime) -> None:
        """Some likes and boosts have names, so that they arrive as events; the others only count."""
        crowd = [p for p in {id(p): p for p in self.people.values()}.values() if self._speaks(p, author) and not p.bot]
        for number, person in enumerate(self.random.sample(crowd, k=min(len(crowd), 3 + post.get("likes", 0) // 50))):
            when = moment + timedelta(minutes=self.random.expovariate(1 / 240) + 3)
            boosts = number < min(2, post.get("boosts", 0) // 15)

            def clap(p: Person = person, w: datetime = when, b: bool = boosts) -> None:
                status = self.named[post["id"]]
                self.world.like(p, status, at=w)
                status.quiet_likes = max(0, status.quiet_likes - 1)
                if b:
                    self.world.boost(p, status, at=w)
                    status.quiet_boosts = max(0, status.quiet_boosts - 1)

            self._at(when, clap)

    def _talk(self, account: Person, talk: dict[str, Any], zone: ZoneInfo) -> None:
        moment = ago(talk["when"], now=self.now, zone=zone)
        on = talk.get("on")
        if not in_season(talk.get("season"), moment.date()) or (on is not None and on not in self._posted):
            return
        if on is not None:
            # Nobody answers before the post is there; the eager ones come one after the other.
            moment = max(moment, self._posted[on] + timedelta(minutes=4 + len(talk["text"]) % 35))
        said: list[Status] = []

        def speak() -> None:
            about = {"status": self.named[on].id} if on is not None else {"to": account.acct}
            status = self._say(self._who(talk["by"], account), talk["do"], moment, talk, about)
            said.append(status)

        self._at(moment, speak)
        for answer in talk.get("then", []):
            self._answer(account, answer, moment, said)
        if talk.get("liked"):
            when = moment + timedelta(minutes=self.random.uniform(12, 95))
            self._at(when, lambda: self.world.like(account, said[0], at=when))
        if edited := talk.get("edited"):
            when_edited = moment + _after(edited["after"])
            self._at(when_edited, lambda: self._edit(said[0], edited["text"], when_edited))
        if deleted := talk.get("deleted"):
            when_deleted = moment + _after(deleted["after"])
            self._at(when_deleted, lambda: self.world.delete(said[0], at=when_deleted))

    def _edit(self, status: Status, text: str, moment: datetime) -> None:
        address = status.text.split(" ", 1)[0]
        self.world.edit(status, f"{address} {text}" if address.startswith("@") else text, at=moment)

    def _answer(self, account: Person, answer: dict[str, Any], began: datetime, said: list[Status]) -> None:
        moment = began + _after(answer["after"])

        def speak() -> None:
            who = account if answer["by"] == "brand" else self._who(answer["by"], account)
            about = {"status": said[-1].id}
            if who is not account and said[-1].author == who.id:
                about["to"] = account.acct
            said.append(self._say(who, "reply", moment, answer, about))

        self._at(moment, speak)

    def _who(self, name: str, account: Person) -> Person:
        return self.people.get(name) or self.world.person(name)

    def _say(self, who: Person, do: str, moment: datetime, row: dict[str, Any], about: dict[str, str]) -> Status:
        status = self.say(who.id, do, text=row["text"], at=moment, language=row.get("lang", who.language), **about)
        if status is None:
            raise ValueError(f"{do!r} says nothing")
        return status


def _after(text: str) -> timedelta:
    match = _AGO.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"{text!r} is no time after")
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
