"""Other people's voices: lets anybody in the sandbox mention, answer, write privately, like, boost, edit, delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cmdesk.networks.sandbox.records import Person, Status
from cmdesk.networks.sandbox.world import World


class Say:
    """`server.say(...)`. Unknown people are made on the spot, at the host their address names."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, who: str, do: str, *, to: str = "", text: str = "", **more: Any) -> Status | None:
        """Let `who` do something and return the status meant: the new one, or the one liked, edited, deleted.

        do: post, mention, dm (to: handle), reply, quote, edit (status: id, text), boost, like, unlike, unboost,
        delete (status: id), follow, unfollow (to: handle). `at` backdates, `visibility`, `language`, `spoiler`
        and `html` (raw content, for hostile markup) say how. Raises LookupError or ValueError when it makes no sense.
        """
        world = self.world
        with world.lock:
            person = self.person(who)
            if do == "follow":
                world.follow(person, world.person(to), at=_moment(more.get("at")))
                return None
            if do == "unfollow":
                world.unfollow(person, world.person(to))
                return None
            if do in ("post", "mention", "dm", "reply", "quote"):
                return self._speak(person, do, to, text, more)
            status = self._status(more)
            if do in ("like", "boost"):
                getattr(world, do)(person, status, at=_moment(more.get("at")))
                return status
            if do in ("unlike", "unboost"):
                getattr(world, do)(person, status)
                return status
            if do in ("edit", "delete"):
                if status.author != person.id:
                    raise ValueError(f"{person.acct} did not write {status.id}")
                if do == "edit":
                    world.edit(status, text)
                else:
                    world.delete(status)
                return status
        raise ValueError(f"nobody can {do!r} here")

    def order(self, form: dict[str, Any]) -> Status | None:
        """The same from JSON: {"as", "do", "to", "text", "status", "at", "visibility", "language", "html"}."""
        if not form.get("as") or not form.get("do"):
            raise ValueError("say needs as and do")
        return self(str(form.pop("as")), str(form.pop("do")), **form)

    def person(self, handle: str) -> Person:
        """Somebody by address, made when unknown."""
        return self.world.find_person(handle) or self.world.add_person(handle)

    def _status(self, more: dict[str, Any]) -> Status:
        wanted = str(more.get("status", ""))
        status = self.world.status(wanted)
        if status is None:
            raise LookupError(f"there is no status {wanted!r}")
        return status

    def _speak(self, person: Person, do: str, to: str, text: str, more: dict[str, Any]) -> Status:
        world = self.world
        parent = self._status(more) if do in ("reply", "quote") else None
        addressed = [world.person(to)] if to else []
        if do == "reply" and parent is not None and parent.author != person.id and not to:
            addressed = [world.book.people[parent.author]]
        if do in ("mention", "dm") and not addressed:
            raise ValueError(f"{do} needs to")
        # A server adds no address by itself: without it in the text nobody is told.
        written = world.mentions_in(text, person)
        missing = [p for p in addressed if p.id not in written]
        text = " ".join([*(f"@{self._address(p, person)}" for p in missing), text]).strip()
        usual = "direct" if do == "dm" else parent.visibility if parent is not None and do == "reply" else "public"
        return world.publish(
            person,
            text,
            at=_moment(more.get("at")),
            visibility=str(more.get("visibility") or usual),
            language=more.get("language") or person.language,
            spoiler=str(more.get("spoiler") or ""),
            reply_to=parent.id if parent is not None and do == "reply" else None,
            quote_of=parent.id if parent is not None and do == "quote" else None,
            raw_html=more.get("html"),
            media=list(more.get("media") or []),
        )

    @staticmethod
    def _address(person: Person, speaker: Person) -> str:
        """How `speaker` writes the address of `person`."""
        return person.username if person.domain == speaker.domain else person.acct


def _moment(value: object) -> datetime | None:
    """A time given as datetime or ISO text with zone."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)) if value else None
