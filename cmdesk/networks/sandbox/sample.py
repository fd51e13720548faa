"""Builds the worlds: a small one for tests, the sample communities of `resources/demo` for the demo."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from cmdesk.networks.sandbox.clock import as_clock
from cmdesk.networks.sandbox.world import World
from cmdesk.resources import resource

SMALL_LOCALS = (("alba", "Alba"), ("bruno", "Bruno"), ("carla", "Carla"))
SMALL_REMOTES = (("maria@plaza.example", "María"), ("sam@hills.example", "Sam"), ("nadia@riad.example", "Nadia"))


def picture_file(name: str) -> Path:
    """A file of the sample media. Raises FileNotFoundError for anything outside or missing."""
    root = resource("demo", "media").resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise FileNotFoundError(name)
    return path


def demo_data(name: str) -> Any:
    """One of the JSON documents of `resources/demo`."""
    return json.loads(resource("demo", f"{name}.json").read_text("utf-8"))


def open_world(name: str, *, clock: object | None = None, seed: int = 7, state: Path | None = None) -> World:
    """The world kept in `state`, or a new one: "small", "demo" or "empty". Raises ValueError on another name."""
    world = World(clock=as_clock(clock), seed=seed)
    if state is not None and world.load(state):
        if name == "demo":
            from cmdesk.networks.sandbox.living import Living

            Living(world).catch_up()
        return world
    if name == "small":
        fill_small(world)
    elif name == "demo":
        from cmdesk.networks.sandbox.communities import fill_demo

        fill_demo(world)
    elif name != "empty":
        raise ValueError(f"there is no sample world {name!r}")
    if state is not None:
        world.save(state)
    return world


def fill_small(world: World) -> None:
    """Three accounts here and three people elsewhere who follow the first; nobody has said anything."""
    born = world.clock.now() - timedelta(days=400)
    first = None
    for username, name in SMALL_LOCALS:
        person = world.add_person(username, name=name, created_at=born, language="es")
        first = first or person
    for acct, name in SMALL_REMOTES:
        person = world.add_person(acct, name=name, created_at=born)
        if first is not None:
            person.follows.append(first.id)
            first.followers += 1
