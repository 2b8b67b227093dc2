"""Two object-relational mappers at the same work on the same tables, as their documentation shows it; both optional.

They are imported by name at run time, so that nothing here asks for them to be installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from benchmarks.measure import Act, Prepare
from benchmarks.population import (
    AGREED_DUE_ON,
    AGREEMENT,
    CHALLENGE,
    CREATED_ON,
    DESCRIPTION,
    DUE_ON,
    MILESTONE_DUE_ON,
    MILESTONES,
    NEED,
    NOTE,
    PEOPLE,
    PROGRESS,
    TALKS_EACH,
    TITLE,
)
from benchmarks.tables import build

PARTS = ("progress", "challenge", "need", "action_item")
"""The tables of what is written in a check-in."""

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "employee": {"active": "integer"},
    "goal": {
        "employee": "employee",
        **dict.fromkeys(("title", "description", "status", "due", "created_at"), "text"),
        "progress": "integer",
    },
    "milestone": {"goal": "goal", "title": "text", "due": "text", "target": "integer", "done": "integer"},
    "cycle": dict.fromkeys(("period", "opens", "due"), "text"),
    "checkin": {
        "cycle": "cycle",
        "employee": "employee",
        **dict.fromkeys(("status", "due", "submitted_at", "reminded_at"), "text"),
    },
    "progress": {"checkin": "checkin", "goal": "goal", "percent": "integer", "note": "text"},
    "challenge": {"checkin": "checkin", "text": "text"},
    "need": {"checkin": "checkin", "category": "text", "score": "integer", "text": "text"},
    "action_item": {"checkin": "checkin", "text": "text", "due": "text", "done": "integer"},
    "feedback": {"subject": "employee", "author": "employee", "text": "text", "created_at": "text"},
    "learning_choice": {"employee": "employee", "option": "text", "status": "text", "chosen_at": "text"},
}
"""The tables of the yardstick as the mappers are told of them: "text", "integer", or the table that is meant."""

DEFAULTS = {("goal", "progress"): 0, ("milestone", "done"): 0, ("action_item", "done"): 0}


class Peer(Protocol):
    """One mapper at every workload, on a database of its own."""

    def set_goal(self, number: int) -> None:
        """W1: a goal with three milestones, one commit."""

    def record_check_in(self, number: int) -> None:
        """W2: what a check-in has, two goals updated, one commit."""

    def open_cycle(self, number: int) -> None:
        """W3: a check-in for everyone, one commit."""

    def overview(self, number: int) -> None:
        """W4: one person's goals, last 12 check-ins, feedback and choices."""


class SqlalchemyOrm:
    """SQLAlchemy's ORM: one session for each operation."""

    def __init__(self, path: Path) -> None:
        self._sa: Any = import_module("sqlalchemy")
        self._orm: Any = import_module("sqlalchemy.orm")
        self._engine = self._sa.create_engine(f"sqlite:///{path}")

        @self._sa.event.listens_for(self._engine, "connect")  # type: ignore[untyped-decorator]
        def durable(connection: Any, _: Any) -> None:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")

        base = self._orm.declarative_base()
        self._models = {table: self._model(base, table) for table in COLUMNS}
        self._orm.configure_mappers()
        self._cycle_id = 0

    def _model(self, base: Any, table: str) -> Any:
        sa, columns = self._sa, {"id": self._sa.Column(self._sa.Integer, primary_key=True)}
        for name, kind in COLUMNS[table].items():
            if kind in COLUMNS:
                columns[f"{name}_id"] = sa.Column(sa.Integer, sa.ForeignKey(f"{kind}.id"))
            else:
                of_kind = sa.Integer if kind == "integer" else sa.Text
                columns[name] = sa.Column(of_kind, default=DEFAULTS.get((table, name)))
        relations = {"goal": ("milestone",), "checkin": PARTS}.get(table, ())
        related = {f"{part}_rows": self._orm.relationship(part.title()) for part in relations}
        return type(table.title(), (base,), {"__tablename__": table, **columns, **related})

    def set_goal(self, number: int) -> None:
        """Set a goal."""
        goal, milestone = self._models["goal"], self._models["milestone"]
        with self._orm.Session(self._engine) as session:
            session.add(
                goal(
                    employee_id=1 + number % PEOPLE,
                    title=TITLE,
                    description=DESCRIPTION,
                    status="open",
                    due=DUE_ON,
                    created_at=CREATED_ON,
                    milestone_rows=[milestone(title=title, due=MILESTONE_DUE_ON, target=100) for title in MILESTONES],
                )
            )
            session.commit()

    def record_check_in(self, number: int) -> None:
        """Record a check-in: its parts as relations, both goals read and changed."""
        models, employee_id = self._models, 1 + number % PEOPLE
        with self._orm.Session(self._engine) as session:
            if number % PEOPLE == 0:
                cycle = models["cycle"](period=f"p{number}", opens=CREATED_ON, due=AGREED_DUE_ON)
                session.add(cycle)
                session.flush()
                self._cycle_id = cycle.id
            goals = [session.get(models["goal"], id_) for id_ in (2 * employee_id - 1, 2 * employee_id)]
            session.add(
                models["checkin"](
                    cycle_id=self._cycle_id,
                    employee_id=employee_id,
                    status="submitted",
                    due=AGREED_DUE_ON,
                    submitted_at=CREATED_ON,
                    progress_rows=[models["progress"](goal_id=goal.id, percent=PROGRESS, note=NOTE) for goal in goals],
                    challenge_rows=[models["challenge"](text=CHALLENGE) for _ in range(2)],
                    need_rows=[models["need"](category="time", score=3, text=NEED)],
                    action_item_rows=[models["action_item"](text=AGREEMENT, due=AGREED_DUE_ON) for _ in range(2)],
                )
            )
            for goal in goals:
                goal.progress = PROGRESS
            session.commit()

    def open_cycle(self, number: int) -> None:
        """Open a check-in for everyone, in the bulk insert that its documentation advises."""
        sa, models = self._sa, self._models
        employee = models["employee"]
        with self._orm.Session(self._engine) as session:
            cycle = models["cycle"](period=f"p{number}", opens=CREATED_ON, due=AGREED_DUE_ON)
            session.add(cycle)
            session.flush()
            asked = {"cycle_id": cycle.id, "status": "open", "due": AGREED_DUE_ON}
            ids = session.scalars(sa.select(employee.id).where(employee.active == 1)).all()
            session.execute(sa.insert(models["checkin"]), [{**asked, "employee_id": id_} for id_ in ids])
            session.commit()

    def overview(self, number: int) -> None:
        """Read one person's overview, what belongs together loaded in one go per table."""
        sa, orm, models, employee_id = self._sa, self._orm, self._models, 1 + number % PEOPLE
        goal, check_in = models["goal"], models["checkin"]
        parts = [orm.selectinload(getattr(check_in, f"{part}_rows")) for part in PARTS]
        with orm.Session(self._engine) as session:
            goals = sa.select(goal).where(goal.employee_id == employee_id)
            talks = sa.select(check_in).where(check_in.employee_id == employee_id)
            session.scalars(goals.options(orm.selectinload(goal.milestone_rows))).all()
            session.scalars(talks.order_by(check_in.cycle_id.desc()).limit(TALKS_EACH).options(*parts)).all()
            for table, column in (("feedback", "subject_id"), ("learning_choice", "employee_id")):
                session.scalars(sa.select(models[table]).where(getattr(models[table], column) == employee_id)).all()


class DjangoOrm:
    """Django's ORM: one atomic block for each operation."""

    def __init__(self, path: Path) -> None:
        settings: Any = import_module("django.conf").settings
        durable = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        options = {"init_command": durable, "transaction_mode": "IMMEDIATE"}
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
        settings.configure(
            DATABASES={"default": database}, USE_TZ=False, DEFAULT_AUTO_FIELD="django.db.models.AutoField"
        )
        django: Any = import_module("django")
        django.setup()
        self._db: Any = import_module("django.db.models")
        self._transaction: Any = import_module("django.db.transaction")
        self._models: dict[str, Any] = {}
        for table in COLUMNS:
            self._models[table] = self._model(table)
        self._cycle_id = 0

    def _model(self, table: str) -> Any:
        fields: dict[str, Any] = {}
        for name, kind in COLUMNS[table].items():
            if kind in COLUMNS:
                related = f"{table}_rows_by_{name}" if table == "feedback" else f"{table}_rows"
                fields[name] = self._db.ForeignKey(self._models[kind], on_delete=self._db.CASCADE, related_name=related)
            elif kind == "integer":
                fields[name] = self._db.IntegerField(default=DEFAULTS.get((table, name)), null=True)
            else:
                fields[name] = self._db.TextField(null=True)
        meta = type("Meta", (), {"db_table": table, "managed": False, "app_label": "benchmarks"})
        return type(table.title(), (self._db.Model,), {**fields, "__module__": __name__, "Meta": meta})

    def set_goal(self, number: int) -> None:
        """Set a goal, the milestones in one go."""
        goal, milestone = self._models["goal"], self._models["milestone"]
        with self._transaction.atomic():
            made = goal.objects.create(
                employee_id=1 + number % PEOPLE,
                title=TITLE,
                description=DESCRIPTION,
                status="open",
                due=DUE_ON,
                created_at=CREATED_ON,
            )
            milestone.objects.bulk_create(
                milestone(goal=made, title=title, due=MILESTONE_DUE_ON, target=100) for title in MILESTONES
            )

    def record_check_in(self, number: int) -> None:
        """Record a check-in: the parts of each table in one go, both goals read and changed."""
        models, employee_id = self._models, 1 + number % PEOPLE
        with self._transaction.atomic():
            if number % PEOPLE == 0:
                cycle = models["cycle"].objects.create(period=f"p{number}", opens=CREATED_ON, due=AGREED_DUE_ON)
                self._cycle_id = cycle.pk
            goals = list(models["goal"].objects.filter(pk__in=(2 * employee_id - 1, 2 * employee_id)))
            talk = models["checkin"].objects.create(
                cycle_id=self._cycle_id,
                employee_id=employee_id,
                status="submitted",
                due=AGREED_DUE_ON,
                submitted_at=CREATED_ON,
            )
            parts = {
                "progress": [{"goal": goal, "percent": PROGRESS, "note": NOTE} for goal in goals],
                "challenge": [{"text": CHALLENGE}] * 2,
                "need": [{"category": "time", "score": 3, "text": NEED}],
                "action_item": [{"text": AGREEMENT, "due": AGREED_DUE_ON}] * 2,
            }
            for table, written in parts.items():
                models[table].objects.bulk_create(models[table](checkin=talk, **values) for values in written)
            for goal in goals:
                goal.progress = PROGRESS
            models["goal"].objects.bulk_update(goals, ["progress"])

    def open_cycle(self, number: int) -> None:
        """Open a check-in for everyone, made in one go."""
        check_in, employee = self._models["checkin"], self._models["employee"]
        with self._transaction.atomic():
            cycle = self._models["cycle"].objects.create(period=f"p{number}", opens=CREATED_ON, due=AGREED_DUE_ON)
            ids = employee.objects.filter(active=1).values_list("pk", flat=True)
            check_in.objects.bulk_create(
                check_in(cycle=cycle, employee_id=id_, status="open", due=AGREED_DUE_ON) for id_ in ids
            )

    def overview(self, number: int) -> None:
        """Read one person's overview, what belongs together fetched in one go per table."""
        models, employee_id = self._models, 1 + number % PEOPLE
        list(models["goal"].objects.filter(employee_id=employee_id).prefetch_related("milestone_rows"))
        talks = models["checkin"].objects.filter(employee_id=employee_id).order_by("-cycle_id")[:TALKS_EACH]
        list(talks.prefetch_related(*(f"{part}_rows" for part in PARTS)))
        list(models["feedback"].objects.filter(subject_id=employee_id))
        list(models["learning_choice"].objects.filter(employee_id=employee_id))


PEERS: Mapping[str, tuple[str, type[Peer]]] = {
    "Django ORM": ("django", DjangoOrm),
    "SQLAlchemy ORM": ("sqlalchemy", SqlalchemyOrm),
}


def at_work(peer: type[Any], work: str, people: int, talks_each: int, folder: Path) -> Act:
    """Prepare a peer for one workload; gives its operation."""
    act: Act = getattr(peer(build(folder, people=people, talks_each=talks_each)), work)
    return act


def installed(work: str, *, people: int = PEOPLE, talks_each: int = 0) -> Mapping[str, Prepare]:
    """Give the peers that are installed here, at one workload."""
    return {
        name: partial(at_work, peer, work, people, talks_each)
        for name, (package, peer) in PEERS.items()
        if find_spec(package)
    }
