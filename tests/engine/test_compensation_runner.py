"""What was begun is run in the background, by one process at a time, and goes on after trouble."""

import asyncio

from festoon.engine.compensation_results import as_csv, as_xlsx
from festoon.engine.compensation_run import begin
from festoon.engine.compensation_runner import run_begun
from festoon.engine.compensations import sign, status, submit
from festoon.intake.files.id_list import read_ids
from festoon.store.pool import open_pool
from tests.live import HEAD, NOW, Platform, event

PLAN = HEAD + "assets: {points: {cost: 0.01, line: prizes}}\nmechanics: {}\n"
FILE = "{compensation: thanks, campaign: spring, reason: thanks, members: [ann, '=1+1'], give: [{points: 7}]}"


async def test_several_processes_run_what_was_begun_once(database: str) -> None:
    platform = await Platform.open(database, PLAN)
    await platform.outcomes(*(event("page.viewed", who, page="x") for who in ("ann", "=1+1")))
    await submit(platform.connection, FILE, "lin", NOW)
    await sign(platform.connection, "thanks", "wu", NOW)
    async with await open_pool(database, min_size=1, max_size=4) as pool:
        tasks = [
            asyncio.create_task(run_begun(pool, database, platform.engine, every=0.01)) for _ in range(3)
        ]
        await asyncio.sleep(0.1)
        assert await platform.balance("ann") == 0, "nobody has begun it"
        await begin(platform.connection, "thanks", "wu", NOW)
        while (await status(platform.connection, "thanks")).status != "done":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert [await platform.balance(who) for who in ("ann", "=1+1")] == [7, 7]
    assert await as_csv(platform.connection, "thanks") == (
        "member,state,what,code\n'=1+1,done,7 points,\nann,done,7 points,\n"
    )
    assert read_ids(await as_xlsx(platform.connection, "thanks")).ids == ["=1+1", "ann"]
    await platform.audit()
    await platform.close()
