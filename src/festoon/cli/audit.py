"""`festoon audit`: prove on a live database what always holds."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from festoon.cli.database import database
from festoon.cli.terminal import WRONG, err, failures, out, say_json
from festoon.engine.audit import Audited, audit
from festoon.outbox.verify import findings
from festoon.store.pool import connect
from festoon.store.trail import broken_links


def audit_command(
    facts: Annotated[
        Path | None, typer.Option(help="also compare the facts in this folder with the journal")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False,
) -> None:
    """Prove that the books balance, no account is below its floor, no event acted twice, and the audit trail is whole.

    Runs in one snapshot beside live traffic. Exit code 1 when something does not hold.

    Example: `festoon audit`
    """
    with failures(as_json=as_json), database() as dsn, err.status("auditing …") as status:
        began = time.perf_counter()
        audited, broken = asyncio.run(examine(dsn, lambda rule: status.update(f"auditing: {rule} …")))
        differ = asyncio.run(facts_differ(dsn, facts)) if facts is not None else []
        seconds = time.perf_counter() - began
    holds = audited.holds and not broken and not differ
    if as_json:
        say_json({"holds": holds, "audit": audited, "broken_trail": broken, "facts": differ})
    else:
        show_audit(audited, broken, seconds)
        for found in differ:
            out.print(f"[red]facts[/] {found}", highlight=False)
        if facts is not None and not differ:
            out.print(
                "[bold green]holds[/]: the facts are the journal, range by range, and their chain is whole"
            )
    raise typer.Exit(0 if holds else WRONG)


async def facts_differ(dsn: str, directory: Path) -> list[str]:
    """Where the facts are not what the journal says, in words."""
    connection = await connect(dsn)
    try:
        return [
            f"{found.what}: {found.range} {found.kind}".rstrip()
            async for found in findings(connection, directory)
        ]
    finally:
        await connection.close()


async def examine(dsn: str, on_check: object) -> tuple[Audited, list[int]]:
    """The audit of the books and of the trail."""
    connection = await connect(dsn)
    try:
        audited = await audit(connection, on_check)  # type: ignore[arg-type]
        async with connection.transaction(readonly=True):
            broken = [number async for number in broken_links(connection)]
        return audited, broken
    finally:
        await connection.close()


def show_audit(audited: Audited, broken: list[int], seconds: float) -> None:
    """Print what an audit found."""
    looked = f"{audited.accounts:,} accounts, {audited.transfers:,} transfers, {audited.events:,} events"
    counts = f"{looked} in {seconds:.1f} s"
    if audited.holds and not broken:
        out.print(f"[bold green]holds[/]: every balance equals its transfers, all sum to zero; {counts}")
        return
    out.print(f"[bold red]does not hold[/]; {counts}")
    table = Table("rule", "where", "expected", "found")
    for finding in audited.findings:
        table.add_row(finding.rule, finding.account, f"{finding.expected:,}", f"{finding.found:,}")
    for number in broken:
        table.add_row("audit_trail_is_a_chain", f"entry {number}", "", "")
    out.print(table)


COMMANDS: dict[str, Callable[[typer.Typer], object]] = {
    "audit": lambda app: app.command("audit")(audit_command),
}
