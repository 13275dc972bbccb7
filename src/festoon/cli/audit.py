"""`festoon audit`: prove on a live database what always holds."""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated

import typer
from rich.table import Table

from festoon.cli.database import database
from festoon.cli.terminal import WRONG, err, failures, out, say_json
from festoon.engine.audit import Audited, audit
from festoon.store.pool import connect
from festoon.store.trail import broken_links


def audit_command(as_json: Annotated[bool, typer.Option("--json", help="one line of JSON")] = False) -> None:
    """Prove that the books balance, no account is below its floor, no event acted twice, and the audit trail is whole.

    Runs in one snapshot beside live traffic. Exit code 1 when something does not hold.

    Example: `festoon audit`
    """
    with failures(as_json=as_json), database() as dsn, err.status("auditing …") as status:
        began = time.perf_counter()
        audited, broken = asyncio.run(examine(dsn, lambda rule: status.update(f"auditing: {rule} …")))
        seconds = time.perf_counter() - began
    if as_json:
        say_json({"holds": audited.holds and not broken, "audit": audited, "broken_trail": broken})
    else:
        show_audit(audited, broken, seconds)
    raise typer.Exit(0 if audited.holds and not broken else WRONG)


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
