"""A plan taken in: all or nothing, in one step that can be undone; our own export reads back (rank 27, rank 28)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cmdesk.commands import plan_import as commands, planning as posts
from cmdesk.errors import DeskError
from cmdesk.model import PostStatus
from cmdesk.planning.importing import pictures
from cmdesk.planning.importing.rows import Plan, picture_paths, read_plan
from cmdesk.planning.importing.sheets import read_sheet
from cmdesk.reports import plan as plans
from cmdesk.reports.plan_csv import plan_csv
from cmdesk.store import campaigns, plan_import, planning
from tests.core.commands.conftest import World

HEAD = "brand,accounts,date,time,text,media,alt,campaign,labels,parts,first_comment,aim\n"


def read(world: World, text: str, folder: Path | None = None) -> Plan:
    sheet = read_sheet(text.encode())
    folders = [folder or world.desk.media_folder, world.desk.media_folder]
    seen = pictures.look_at(picture_paths(sheet), folders)
    known = world.desk.page(plan_import.known, now=world.clock.now(), pictures=seen)
    return read_plan(sheet, known)


def take(world: World, plan: Plan, folder: Path | None = None, *, schedule: bool = True) -> Any:
    names = [path for each in plan.entries for path, _alt in each.media]
    folders = [folder or world.desk.media_folder, world.desk.media_folder]
    copies = pictures.take_over(names, folders, world.desk.media_folder)
    return world.desk.store.write(commands.take, entries=plan.entries, pictures=copies, schedule=schedule).result()


def test_posts_are_written_scheduled_and_taken_back(world: World, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "red").save(tmp_path / "pan.png")
    plan = read(
        world,
        HEAD
        + 'Café Alba,mastodon,2026-03-10,10:00,Hola,pan.png,Un pan,Rebajas,"uno, dos","segunda\n---\ntercera",¿Y tú?,'
        "value\nCafé Alba,mastodon,,,Sin hora,,,Rebajas,uno,,,\n",
        tmp_path,
    )
    assert plan.faults == ()
    done = take(world, plan, tmp_path)
    first, second = (world.desk.page(planning.post, each) for each in done.value.post_ids)
    assert (first.status, second.status, done.value.scheduled) == (PostStatus.SCHEDULED, PostStatus.DRAFT, 1)
    assert [each.text for each in first.parts] == ["segunda", "tercera"] and first.comment is not None
    assert (first.media[0].alt, first.aim, len(first.labels)) == ("Un pan", "value", 2)
    assert first.campaign_id == second.campaign_id
    assert [each.name for each in world.desk.page(campaigns.campaigns, world.brand)] == ["Rebajas"]
    back = world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert world.desk.page(planning.posts, limit=10) == []
    world.desk.run_now(back.undo.command, **back.undo.args)
    assert world.desk.page(planning.post, first.id).status is PostStatus.SCHEDULED


def test_a_row_that_names_another_brand_is_told_and_waits_as_a_draft(world: World) -> None:
    """N11 asks a person; a file cannot answer."""
    plan = read(
        world,
        HEAD
        + "Café Alba,mastodon,2026-03-10,10:00,Hoy en Óptica Sol,,,,,,,\n"
        + "Café Alba,mastodon,2026-03-11,10:00,Hola,,,,,,Sigue a @sol,\n"
        + "Café Alba,mastodon,2026-03-12,10:00,Hola a todos,,,,,,,\n",
    )
    assert [(each.line, each.code, each.detail, each.left_out) for each in plan.faults] == [
        (2, "names_other_brand", "Óptica Sol (Óptica Sol)", False),
        (3, "names_other_brand", "Óptica Sol (@sol)", False),
    ]
    done = take(world, plan)
    found = [world.desk.page(planning.post, each) for each in done.value.post_ids]
    assert [each.status for each in found] == [PostStatus.DRAFT, PostStatus.DRAFT, PostStatus.SCHEDULED]
    assert done.value.scheduled == 1 and found[0].targets[0].wall == "2026-03-10T10:00"


def test_drafts_wait_at_their_hours(world: World) -> None:
    plan = read(world, HEAD + "Café Alba,mastodon,2026-03-10,10:00,Hola,,,,,,,\n")
    done = take(world, plan, schedule=False)
    post = world.desk.page(planning.post, done.value.post_ids[0])
    assert post.status is PostStatus.DRAFT and post.targets[0].wall == "2026-03-10T10:00"


def test_one_that_cannot_be_sealed_takes_all_with_it(world: World) -> None:
    plan = read(world, HEAD + "".join(f"Café Alba,mastodon,2026-03-1{n},10:00,Hola,,,,,,,\n" for n in range(3)))
    broken = plan.entries[2].__class__(lines=(9,), brand_id=world.brand, text="", targets=plan.entries[2].targets)
    with pytest.raises(DeskError):
        world.desk.run_now(commands.take, entries=[*plan.entries[:2], broken], schedule=True)
    assert world.desk.page(planning.posts, limit=10) == []


def test_our_own_export_reads_back(world: World) -> None:
    post_id = world.desk.run_now(
        posts.save_post, brand_id=world.brand, text='Hola, "pan"; =1+1\nsegunda línea', account_ids=[world.account],
        variants={"bluesky": "Corto"}, note="para mí", aim="product",
    )  # fmt: skip
    world.desk.run_now(posts.schedule, post_id=post_id, wall="2026-03-10T10:00", zone="Europe/Madrid")
    other = world.desk.run_now(posts.save_post, brand_id=world.brand, text="=SUMA(A1)", account_ids=[world.account])
    world.desk.run_now(posts.schedule, post_id=other, wall="2026-03-11T18:30", zone="Atlantic/Canary")
    exported = world.desk.page(plans.plan, start=date(2026, 3, 1), end=date(2026, 3, 31), now=world.clock.now())
    for language in ("en", "es"):
        found = read(world, plan_csv(exported, language=language))
        assert found.faults == () and found.unknown == ()
        assert [each.text for each in found.entries] == ['Hola, "pan"; =1+1\nsegunda línea', "=SUMA(A1)"]
        assert [(each.targets[0].wall, each.targets[0].zone) for each in found.entries] == [
            ("2026-03-10T10:00", "Europe/Madrid"), ("2026-03-11T18:30", "Atlantic/Canary"),
        ]  # fmt: skip
        assert (found.entries[0].note, found.entries[0].aim) == ("para mí", "product")
        assert found.entries[0].variants == {"bluesky": "Corto"}


def test_what_is_on_the_calendar_already_is_named_and_left_out(world: World) -> None:
    text = HEAD + "Café Alba,mastodon,2026-03-10,10:00,Hola,,,,,,,\nCafé Alba,mastodon,2026-03-11,10:00,Otra,,,,,,,\n"
    done = take(world, read(world, text))
    plan = read(world, text + "Café Alba,mastodon,2026-03-10,12:00,Hola,,,,,,,\n")
    assert [(each.line, each.code) for each in plan.faults] == [(2, "planned_already"), (3, "planned_already")]
    assert [each.targets[0].wall for each in plan.entries] == ["2026-03-10T12:00"]
    world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert read(world, text).faults == (), "what was taken back is no longer there"
