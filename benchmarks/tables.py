"""The tables of the yardstick: what somebody would write by hand for people, goals and milestones in SQLite."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from benchmarks.measure import DATABASE
from benchmarks.population import (
    CREATED_ON,
    DESCRIPTION,
    DUE_ON,
    GOALS_EACH,
    MILESTONE_DUE_ON,
    MILESTONES,
    TITLE,
    departments,
    employees,
)

SCHEMA = """
CREATE TABLE department (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE);
CREATE TABLE employee (
    id INTEGER PRIMARY KEY, ext VARCHAR(32) NOT NULL UNIQUE, first VARCHAR(80) NOT NULL, last VARCHAR(80) NOT NULL,
    email VARCHAR(120) NOT NULL UNIQUE, phone VARCHAR(32), title VARCHAR(80),
    department_id INTEGER REFERENCES department (id), manager_ext VARCHAR(32), active INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX employee_dep ON employee (department_id);
CREATE TABLE goal (
    id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL REFERENCES employee (id), title VARCHAR(120) NOT NULL,
    description TEXT, status VARCHAR(16) NOT NULL, due DATE, progress INTEGER NOT NULL DEFAULT 0,
    created_at VARCHAR(32)
);
CREATE INDEX goal_emp ON goal (employee_id);
CREATE TABLE milestone (
    id INTEGER PRIMARY KEY, goal_id INTEGER NOT NULL REFERENCES goal (id), title VARCHAR(120) NOT NULL, due DATE,
    target INTEGER, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ms_goal ON milestone (goal_id);
"""

INSERT_GOAL = (
    "INSERT INTO goal (employee_id, title, description, status, due, progress, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)"
)
INSERT_MILESTONE = "INSERT INTO milestone (goal_id, title, due, target, done) VALUES (?, ?, ?, ?, 0)"


def set_goal(connection: sqlite3.Connection, employee_id: int) -> None:
    """Set a goal with three milestones, in one commit: the work that is measured."""
    connection.execute("BEGIN IMMEDIATE")
    values = (employee_id, TITLE, DESCRIPTION, "open", DUE_ON, CREATED_ON)
    goal_id = connection.execute(INSERT_GOAL, values).lastrowid
    for title in MILESTONES:
        connection.execute(INSERT_MILESTONE, (goal_id, title, MILESTONE_DUE_ON, 100))
    connection.execute("COMMIT")


def connect(path: Path) -> sqlite3.Connection:
    """Open a file as durably as the library does."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def build(folder: Path) -> Path:
    """Make a database with everyone in it, and the goals that they have already."""
    path = folder / DATABASE
    people = employees()
    number_of = {name: number for number, name in enumerate(departments(len(people)), start=1)}
    connection = connect(path)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO department VALUES (?, ?)", [(number, name) for name, number in number_of.items()]
    )
    connection.executemany(
        "INSERT INTO employee VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        [
            (
                number,
                p.external_id,
                p.first_name,
                p.last_name,
                p.email,
                p.phone,
                p.title,
                number_of[p.department],
                p.manager_id,
            )
            for number, p in enumerate(people, start=1)
        ],
    )
    connection.execute("COMMIT")
    for number in range(GOALS_EACH * len(people)):
        set_goal(connection, 1 + number % len(people))
    connection.close()
    return path
