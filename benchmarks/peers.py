"""Two object-relational mappers at the same work on the same tables, as their documentation shows it; both optional.

They are imported by name at run time, so that nothing here asks for them to be installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.measure import Act, Prepare
from benchmarks.population import CREATED_ON, DESCRIPTION, DUE_ON, MILESTONE_DUE_ON, MILESTONES, PEOPLE, TITLE
from benchmarks.tables import build


def sqlalchemy_orm(folder: Path) -> Act:
    """Set goals with SQLAlchemy's ORM: one session for each."""
    sa: Any = import_module("sqlalchemy")
    orm: Any = import_module("sqlalchemy.orm")
    engine = sa.create_engine(f"sqlite:///{build(folder)}")

    @sa.event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def durable(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    goal, milestone = _mapped(sa, orm)

    def set_goal(number: int) -> None:
        with orm.Session(engine) as session:
            session.add(
                goal(
                    employee_id=1 + number % PEOPLE,
                    title=TITLE,
                    description=DESCRIPTION,
                    status="open",
                    due=DUE_ON,
                    created_at=CREATED_ON,
                    milestones=[milestone(title=title, due=MILESTONE_DUE_ON, target=100) for title in MILESTONES],
                )
            )
            session.commit()

    return set_goal


def _mapped(sa: Any, orm: Any) -> tuple[Any, Any]:
    base = orm.declarative_base()

    def text() -> Any:
        return sa.Column(sa.Text)

    def number(**options: Any) -> Any:
        return sa.Column(sa.Integer, **options)

    employee_columns = {"__tablename__": "employee", "id": number(primary_key=True)}
    type("Employee", (base,), employee_columns)
    goal = type(
        "Goal",
        (base,),
        {
            "__tablename__": "goal",
            "id": number(primary_key=True),
            "employee_id": sa.Column(sa.Integer, sa.ForeignKey("employee.id")),
            **{name: text() for name in ("title", "description", "status", "due", "created_at")},
            "progress": number(default=0),
            "milestones": orm.relationship("Milestone"),
        },
    )
    milestone = type(
        "Milestone",
        (base,),
        {
            "__tablename__": "milestone",
            "id": number(primary_key=True),
            "goal_id": sa.Column(sa.Integer, sa.ForeignKey("goal.id")),
            "title": text(),
            "due": text(),
            "target": number(),
            "done": number(default=0),
        },
    )
    orm.configure_mappers()
    return goal, milestone


def django_orm(folder: Path) -> Act:
    """Set goals with Django's ORM: one atomic block for each, the milestones in one go."""
    path = build(folder)
    settings: Any = import_module("django.conf").settings
    durable = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    options = {"init_command": durable, "transaction_mode": "IMMEDIATE"}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    settings.configure(DATABASES={"default": database}, USE_TZ=False, DEFAULT_AUTO_FIELD="django.db.models.AutoField")
    django: Any = import_module("django")
    django.setup()
    models: Any = import_module("django.db.models")
    transaction: Any = import_module("django.db.transaction")

    def model(name: str, **fields: Any) -> Any:
        meta = type("Meta", (), {"db_table": name.lower(), "managed": False, "app_label": "benchmarks"})
        return type(name, (models.Model,), {**fields, "__module__": __name__, "Meta": meta})

    employee = model("Employee")
    goal = model(
        "Goal",
        employee=models.ForeignKey(employee, on_delete=models.CASCADE),
        progress=models.IntegerField(default=0),
        **{name: models.TextField() for name in ("title", "description", "status", "due", "created_at")},
    )
    milestone = model(
        "Milestone",
        goal=models.ForeignKey(goal, on_delete=models.CASCADE),
        title=models.TextField(),
        due=models.TextField(),
        target=models.IntegerField(),
        done=models.IntegerField(default=0),
    )

    def set_goal(number: int) -> None:
        with transaction.atomic():
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

    return set_goal


def installed() -> Mapping[str, Prepare]:
    """Give the peers that are installed here."""
    peers: Mapping[str, tuple[str, Prepare]] = {
        "Django ORM": ("django", django_orm),
        "SQLAlchemy ORM": ("sqlalchemy", sqlalchemy_orm),
    }
    return {name: prepare for name, (package, prepare) in peers.items() if find_spec(package)}
