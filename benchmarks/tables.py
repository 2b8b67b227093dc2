"""The tables of the yardstick: what somebody would write by hand for people, goals and check-ins."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.measure import DATABASE
from benchmarks.population import (
    AGREED_DUE_ON,
    AGREEMENT,
    CHALLENGE,
    CHOICES_EACH,
    CREATED_ON,
    DESCRIPTION,
    DUE_ON,
    FEEDBACK,
    FEEDBACK_EACH,
    GOALS_EACH,
    MILESTONE_DUE_ON,
    MILESTONES,
    NEED,
    NOTE,
    PEOPLE,
    PROGRESS,
    TALKS_EACH,
    TITLE,
    Employee,
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
CREATE TABLE cycle (id INTEGER PRIMARY KEY, period VARCHAR(7) NOT NULL UNIQUE, opens DATE, due DATE);
CREATE TABLE checkin (
    id INTEGER PRIMARY KEY, cycle_id INTEGER NOT NULL REFERENCES cycle (id),
    employee_id INTEGER NOT NULL REFERENCES employee (id), status VARCHAR(16) NOT NULL, due DATE,
    submitted_at VARCHAR(32), reminded_at VARCHAR(32), UNIQUE (cycle_id, employee_id)
);
CREATE INDEX ck_emp ON checkin (employee_id, cycle_id);
CREATE INDEX ck_due ON checkin (status, due);
CREATE TABLE progress (
    id INTEGER PRIMARY KEY, checkin_id INTEGER NOT NULL REFERENCES checkin (id),
    goal_id INTEGER NOT NULL REFERENCES goal (id), percent INTEGER NOT NULL, note TEXT
);
CREATE INDEX pr_ck ON progress (checkin_id);
CREATE TABLE challenge (
    id INTEGER PRIMARY KEY, checkin_id INTEGER NOT NULL REFERENCES checkin (id), text TEXT NOT NULL
);
CREATE INDEX ch_ck ON challenge (checkin_id);
CREATE TABLE need (
    id INTEGER PRIMARY KEY, checkin_id INTEGER NOT NULL REFERENCES checkin (id), category VARCHAR(32), score INTEGER,
    text TEXT
);
CREATE INDEX ne_ck ON need (checkin_id);
CREATE TABLE action_item (
    id INTEGER PRIMARY KEY, checkin_id INTEGER NOT NULL REFERENCES checkin (id), text TEXT NOT NULL, due DATE,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ai_ck ON action_item (checkin_id);
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY, subject_id INTEGER NOT NULL REFERENCES employee (id),
    author_id INTEGER NOT NULL REFERENCES employee (id), text TEXT NOT NULL, created_at VARCHAR(32)
);
CREATE INDEX fb_sub ON feedback (subject_id);
CREATE TABLE learning_choice (
    id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL REFERENCES employee (id), option VARCHAR(80) NOT NULL,
    status VARCHAR(16), chosen_at VARCHAR(32)
);
CREATE INDEX lc_emp ON learning_choice (employee_id);
"""

INSERT_GOAL = (
    "INSERT INTO goal (employee_id, title, description, status, due, progress, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)"
)
INSERT_MILESTONE = "INSERT INTO milestone (goal_id, title, due, target, done) VALUES (?, ?, ?, ?, 0)"


def set_goal(connection: sqlite3.Connection, employee_id: int) -> None:
    """Set a goal with three milestones, in one commit: the work that is measured."""
    connection.execute("BEGIN IMMEDIATE")
    insert_goal(connection, employee_id)
    connection.execute("COMMIT")


def insert_goal(connection: sqlite3.Connection, employee_id: int) -> None:
    """Write a goal and its milestones."""
    values = (employee_id, TITLE, DESCRIPTION, "open", DUE_ON, CREATED_ON)
    goal_id = connection.execute(INSERT_GOAL, values).lastrowid
    for title in MILESTONES:
        connection.execute(INSERT_MILESTONE, (goal_id, title, MILESTONE_DUE_ON, 100))


def open_occurrence(connection: sqlite3.Connection, number: int) -> int:
    """Note that the check-ins of a month are asked for; gives its id."""
    values = (f"p{number}", CREATED_ON, AGREED_DUE_ON)
    statement = "INSERT INTO cycle (period, opens, due) VALUES (?, ?, ?)"
    return int(connection.execute(statement, values).lastrowid or 0)


INSERT_CHECK_IN = (
    "INSERT INTO checkin (cycle_id, employee_id, status, due, submitted_at) VALUES (?, ?, 'submitted', ?, ?)"
)


def write_check_in(connection: sqlite3.Connection, cycle_id: int, employee_id: int) -> None:
    """Record a check-in: on two goals how they go, two challenges, one need, two agreements."""
    values = (cycle_id, employee_id, AGREED_DUE_ON, CREATED_ON)
    check_in_id = connection.execute(INSERT_CHECK_IN, values).lastrowid
    for goal_id in (2 * employee_id - 1, 2 * employee_id):
        connection.execute(
            "INSERT INTO progress (checkin_id, goal_id, percent, note) VALUES (?, ?, ?, ?)",
            (check_in_id, goal_id, PROGRESS, NOTE),
        )
        connection.execute("UPDATE goal SET progress = ? WHERE id = ?", (PROGRESS, goal_id))
    for _ in range(2):
        connection.execute("INSERT INTO challenge (checkin_id, text) VALUES (?, ?)", (check_in_id, CHALLENGE))
    connection.execute(
        "INSERT INTO need (checkin_id, category, score, text) VALUES (?, ?, ?, ?)", (check_in_id, "time", 3, NEED)
    )
    for _ in range(2):
        connection.execute(
            "INSERT INTO action_item (checkin_id, text, due, done) VALUES (?, ?, ?, 0)",
            (check_in_id, AGREEMENT, AGREED_DUE_ON),
        )


def record_check_in(connection: sqlite3.Connection, cycle_id: int, employee_id: int) -> None:
    """Record a check-in in one commit: the work that is measured."""
    connection.execute("BEGIN IMMEDIATE")
    write_check_in(connection, cycle_id, employee_id)
    connection.execute("COMMIT")


def open_cycle(connection: sqlite3.Connection, number: int) -> None:
    """Open a check-in for everyone in one statement and one commit: the work that is measured."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO checkin (cycle_id, employee_id, status, due) SELECT ?, id, 'open', ? FROM employee WHERE active",
        (open_occurrence(connection, number), AGREED_DUE_ON),
    )
    connection.execute("COMMIT")


LAST_CHECK_INS = "SELECT * FROM checkin WHERE employee_id = ? ORDER BY cycle_id DESC LIMIT ?"


def overview(connection: sqlite3.Connection, employee_id: int) -> list[list[tuple[object, ...]]]:
    """Read one person's goals, last 12 check-ins, feedback and choices, in nine statements."""
    check_ins = connection.execute(LAST_CHECK_INS, (employee_id, TALKS_EACH)).fetchall()
    return [check_ins, *(connection.execute(*each).fetchall() for each in beside_check_ins(employee_id, check_ins))]


def beside_check_ins(employee_id: int, check_ins: Sequence[Sequence[object]]) -> list[tuple[str, tuple[object, ...]]]:
    """Give the eight statements of an overview that follow when the last check-ins are read, with their values."""
    ids = tuple(row[0] for row in check_ins)
    marks = ", ".join("?" * len(ids))
    parts = ("progress", "challenge", "need", "action_item")
    return [
        ("SELECT * FROM goal WHERE employee_id = ?", (employee_id,)),
        ("SELECT m.* FROM milestone m JOIN goal g ON g.id = m.goal_id WHERE g.employee_id = ?", (employee_id,)),
        *((f"SELECT * FROM {part} WHERE checkin_id IN ({marks})", ids) for part in parts),
        ("SELECT * FROM feedback WHERE subject_id = ?", (employee_id,)),
        ("SELECT * FROM learning_choice WHERE employee_id = ?", (employee_id,)),
    ]


def connect(path: Path) -> sqlite3.Connection:
    """Open a file as durably as the library does."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def build(folder: Path, *, people: int = PEOPLE, talks_each: int = 0) -> Path:
    """Make a database with everyone in it, their goals, and with ``talks_each`` a past of as many months."""
    path = folder / DATABASE
    with closing(connect(path)) as connection:
        connection.executescript(SCHEMA)
        fill(connection, employees(people), talks_each)
    return path


def fill(connection: sqlite3.Connection, people: list[Employee], talks_each: int) -> None:
    """Write everyone into empty tables, with their goals and their past."""
    number_of = {name: number for number, name in enumerate(departments(len(people)), start=1)}
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
    for employee_id in range(1, len(people) + 1):
        for _ in range(GOALS_EACH):  # so goals 2 n - 1 and 2 n are those of person n
            insert_goal(connection, employee_id)
    if talks_each:
        _fill_past(connection, len(people), talks_each)
    connection.execute("COMMIT")


def _fill_past(connection: sqlite3.Connection, people: int, talks_each: int) -> None:
    for month in range(1, talks_each + 1):
        cycle_id = open_occurrence(connection, -month)
        for employee_id in range(1, people + 1):
            write_check_in(connection, cycle_id, employee_id)
    connection.executemany(
        "INSERT INTO feedback (subject_id, author_id, text, created_at) VALUES (?, ?, ?, ?)",
        [
            (employee_id, 1 + (employee_id * 7 + number) % people, FEEDBACK, CREATED_ON)
            for employee_id in range(1, people + 1)
            for number in range(FEEDBACK_EACH)
        ],
    )
    connection.executemany(
        "INSERT INTO learning_choice (employee_id, option, status, chosen_at) VALUES (?, ?, 'chosen', ?)",
        [
            (employee_id, f"Option {number}", CREATED_ON)
            for employee_id in range(1, people + 1)
            for number in range(CHOICES_EACH)
        ],
    )
