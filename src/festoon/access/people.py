"""People of the console: what is changed about them, each with an entry in the audit trail."""

import asyncpg


async def speak(connection: asyncpg.Connection, username: str, language: str) -> None:
    """Remember the language a person reads, as Django names it."""
    await connection.execute("UPDATE person SET language = $2 WHERE username = $1", username, language)
