"""The list of proofs that wait, and what becomes of it when somebody decides."""

from datetime import timedelta
from typing import Any

import pytest

from festoon.engine.reviews import after_from, open_proof, open_proofs, reviewing
from tests.live import HEAD, NOW, Platform, event

PLAN = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  photo: {kind: task, on: proof.submitted, review: {}, repeat: {}, give: {points: 7}}
  morning:
    kind: check_in
    review: {within_days: 2}
    ladder: {1: {points: 1}}
  like: {kind: gift, on: content.liked, give: {points: 1}}
"""
)
URL = "https://photos.example/" + "x" * 100 + ".jpg"


async def test_proofs_are_listed_by_when_they_must_be_decided_and_leave_when_they_are(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    named: dict[str, Any] = {"campaign": "spring", "mechanic": "photo"}
    await platform.outcomes(
        event("proof.submitted", "ann", proof="pr-1", photo="photos/1.jpg", **named),
        event("proof.submitted", "ben", proof="pr-2", **named),
        event("check_in.made", "cho", photo=URL),
    )
    owners = reviewing(platform.engine.program)
    assert owners == ["spring/photo", "spring/morning"]
    found = await open_proofs(platform.connection, owners)
    assert [(each.member, each.mechanic) for each in found] == [
        ("cho", "morning"), ("ann", "photo"), ("ben", "photo"),
    ]  # fmt: skip
    cho, ann, ben = found
    assert (cho.photo, ann.photo, ben.photo) == (URL, "photos/1.jpg", "pr-2")
    assert cho.due is not None
    assert ann.due is None
    assert ann.day.isoformat() == "2027-02-10"
    page = await open_proofs(platform.connection, owners, limit=2)
    rest = await open_proofs(platform.connection, owners, after=after_from(page[-1].place()))
    assert [*page, *rest] == found
    for proof, type_ in ((ann, "proof.approved"), (cho, "proof.rejected")):
        data: dict[str, Any] = {
            "proof": proof.proof,
            "campaign": "spring",
            "mechanic": proof.mechanic,
            "reviewer": "lin",
        }
        more = {"reason": "dark"} if type_ == "proof.rejected" else {}
        await platform.outcomes(event(type_, proof.member, proof.name, **{**data, **more}))
    assert await open_proofs(platform.connection, owners) == [ben]
    assert await open_proof(platform.connection, "ben", "spring/photo", "pr-2") == ben
    assert await open_proof(platform.connection, "ann", "spring/photo", "pr-1") is None
    assert await platform.balance("ann") == 7
    await platform.audit()
    await platform.close()


async def test_what_nobody_looks_at_leaves_the_list_when_its_time_is_over(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(event("check_in.made", "cho", photo="p.jpg"))
    platform.at = NOW + timedelta(days=4)
    await platform.wake("cho")
    assert await open_proofs(platform.connection, ["spring/morning"]) == []
    await platform.close()


ONE_PHOTO = (
    HEAD
    + """
assets: {points: {cost: 0.01, line: prizes}}
mechanics:
  morning: {kind: check_in, review: {}, daily: {points: 5}}
  once: {kind: task, on: proof.submitted, review: {}, give: {points: 7}}
"""
)


@pytest.mark.parametrize("looked_at", ["before", "after"])
async def test_what_two_accounts_wait_for_is_looked_at_once_when_they_are_one(
    database: str, looked_at: str
) -> None:
    platform = await Platform.open(database, ONE_PHOTO)
    owners = reviewing(platform.engine.program)
    for who in ("ann", "bea"):
        await platform.outcomes(
            event("check_in.made", who, photo=f"{who}.jpg"), event("proof.submitted", who, proof=f"p-{who}")
        )
    verdicts = (
        event("proof.approved", "ann", "v-1", mechanic="morning", proof="ann.jpg"),
        event("proof.approved", "ann", "v-2", mechanic="once", proof="p-ann"),
    )
    if looked_at == "before":
        await platform.outcomes(*verdicts)
    await platform.outcomes(event("member.merged", "ann", member="bea", reason="one phone"))
    if looked_at == "after":
        waiting = {each.proof for each in await open_proofs(platform.connection, owners)}
        assert waiting == {"ann.jpg", "p-ann", "p-bea"}, (
            "one photo of the day, and either may do for the task"
        )
        await platform.outcomes(*verdicts)
    assert await open_proofs(platform.connection, owners) == []
    assert await platform.balance("ann") == 5 + 7
    await platform.audit()
    await platform.close()
