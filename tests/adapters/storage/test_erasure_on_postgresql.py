"""On PostgreSQL nothing of somebody who was erased is left in any raw file of the server, once it was maintained."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import pytest
from postgres import Server, why_not
from sqlalchemy import create_engine
from tests.workspace.lives import CANARY, HER, a_life
from tests.workspace.test_erasure import a_workspace, check_the_others, erase, store_life, stored

from ownership.adapters.storage.sqlalchemy import OnEngine
from ownership.adapters.storage.sqlalchemy.schema import MAINTENANCE

LIVES = 50 if os.environ.get("OWNERSHIP_PROFILE") == "nightly" else 3
WORDS = (CANARY.encode(), CANARY.casefold().encode(), HER.encode())


def test_a_canary_in_every_text_of_a_person() -> None:
    """Lives with a canary in every text, each in an organisation of its own: found in raw files before, and not after.

    Others' things are as they were. Between the lives the server counts what is in its tables, as it does at any time.
    """
    if reason := why_not("wheel"):
        pytest.skip(reason)
    with ExitStack() as stack:
        server = stack.enter_context(Server(settings=["fsync=off"]))
        database = server.database()
        engine = create_engine(server.url(database).replace("postgresql:", "postgresql+psycopg:"))
        stack.callback(engine.dispose)
        workspaces = [
            stack.enter_context(closing(a_workspace("engine:", tenant=f"t{number}", plugins=[OnEngine(engine)])))
            for number in range(LIVES)
        ]
        for number, workspace in enumerate(workspaces):
            store_life(workspace, a_life(Random(number)))
        for statement in ("ANALYZE", "SELECT pg_switch_wal()", "CHECKPOINT"):
            server.sql(database, statement)
        assert {"base", "pg_wal"} <= {place.split("/")[0] for place in hits(server.data)}
        for workspace in workspaces:
            before = stored(workspace)
            erased = erase(workspace)
            assert (erased.is_scrubbed, len(erased.left_to_do)) == (True, 2)
            check_the_others(before, stored(workspace))
        dump = server.run("pg_dump", "--schema=ownership", database).encode()
        assert not any(word in dump for word in WORDS)
        for statement in MAINTENANCE:
            server.sql(database, statement)
        assert hits(server.data) == {}


def hits(folder: Path) -> dict[str, int]:
    """Count the canaries and her id in each raw file, where there are any."""
    raw = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    counts = {place: sum(content.count(word) for word in WORDS) for place, content in raw.items()}
    return {place: number for place, number in counts.items() if number}
