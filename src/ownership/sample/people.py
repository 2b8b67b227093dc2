"""A believable organisation, seeded, as an HRIS exports it.

A row is what a CSV file has: one text per column, and nothing is known about the day it is read. The same
arguments always give the same rows, so a page of documentation, a test and a notebook speak about the same people.
All names are made up; they were chosen so that no combination is a widely known person.
"""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

COLUMNS = (
    "external_id",
    "display_name",
    "email",
    "employee_number",
    "title",
    "department",
    "team",
    "manager_id",
    "active",
    "on_leave",
    "locale",
    "timezone",
    "shift",
    "start_on",
    "end_on",
)


Row = dict[str, str]


class _Site(NamedTuple):
    """A place where people work; a word that is listed more often is drawn more often."""

    timezone: str
    locales: str
    names: str


class _Department(NamedTuple):
    """A department: its share of the people, its teams, where they sit and what people do there."""

    name: str
    share: int
    teams: str
    sites: str
    titles: str
    evening: float = 0.0
    night: float = 0.0


class _Post(NamedTuple):
    """A place in the organisation chart, before anybody sits on it."""

    external_id: str
    manager_id: str
    title: str
    department: str
    team: str
    site: str


DIRECTOR, LEAD, HOME = "Managing Director", "Team Lead", "Amsterdam"
SMALLEST_TEAM, USUAL_TEAM, LARGEST_TEAM = 5, 9, 14
SMALLEST_WITH_HEADS = 20
"""From this many people on there are department heads; below it team leads report to the director."""

NAMED: tuple[Row, ...] = (
    {"display_name": "Sam Okafor", "email": "sam@example.org", "locale": "en-GB", "on_leave": "no"},
    {
        "display_name": "Ada de Vries",
        "email": "ada@example.org",
        "title": "Software Engineer",
        "locale": "en-GB",
        "on_leave": "no",
    },
    {
        "display_name": "Liam Jansen",
        "email": "liam@example.org",
        "title": "Test Engineer",
        "locale": "nl-NL",
        "on_leave": "no",
    },
)
"""The people the documentation speaks about: the lead of the first team, and the first two who report to him."""

ORGANISER: Row = {"display_name": "Hanna Visser", "email": "hr@example.org", "locale": "nl-NL", "on_leave": "no"}
"""Who runs the programme: the head of the department People, or the director where there is none."""

SITES = {
    "Amsterdam": _Site(
        "Europe/Amsterdam",
        "nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL nl-NL en-GB",
        "nl nl nl nl nl nl nl nl nl nl nl nl tr ma sr pl en de",
    ),
    "Lisbon": _Site("Europe/Lisbon", "pt-PT pt-PT en-GB", "pt pt pt pt pt en nl"),
    "Warsaw": _Site("Europe/Warsaw", "pl-PL pl-PL en-GB", "pl pl pl pl pl de en"),
    "New York": _Site("America/New_York", "en-US", "us us us us en in"),
    "Kolkata": _Site("Asia/Kolkata", "en-IN", "in"),
    "Auckland": _Site("Pacific/Auckland", "en-NZ", "nz"),
    "Lord Howe": _Site("Australia/Lord_Howe", "en-AU", "nz"),
}

FAR_AWAY = {"Follow the Sun": ("Auckland", "Lord Howe")}
"""Teams whose last members work from the other side of the world."""

DEPARTMENTS = (
    _Department(
        "Technology",
        16,
        "Platform, Mobile, Data, Planning Tools, Integrations, Workplace, Security, Client Portal",
        "Amsterdam, Lisbon, Kolkata, Amsterdam, Warsaw, Amsterdam",
        "Software Engineer, Software Engineer, Test Engineer, Designer, Data Analyst, Product Owner, System Engineer",
    ),
    _Department(
        "Care",
        30,
        "Home Care North, Home Care South, Maple House, Linden House, Rehabilitation, District East, Day Centre",
        "Amsterdam",
        "Nurse, Nurse, Care Assistant, Care Assistant, Care Assistant, Physiotherapist, Activity Coach, Planner",
        evening=0.09,
        night=0.17,
    ),
    _Department(
        "Logistics",
        18,
        "Warehouse, Inbound, Outbound, Transport, Returns, Medical Supplies, Stock Control",
        "Amsterdam",
        "Order Picker, Order Picker, Driver, Driver, Forklift Operator, Planner, Stock Controller",
        evening=0.09,
        night=0.18,
    ),
    _Department(
        "Customer Support",
        12,
        "Follow the Sun, Families, Insurers, Complaints, Appointments",
        "Lisbon, Amsterdam, Warsaw, Amsterdam",
        "Support Agent, Support Agent, Support Agent, Support Specialist, Knowledge Editor",
        evening=0.10,
    ),
    _Department(
        "Finance",
        5,
        "Accounting, Control, Billing, Purchasing",
        "Amsterdam, Amsterdam, Warsaw",
        "Accountant, Controller, Billing Officer, Buyer, Payroll Officer",
    ),
    _Department(
        "People",
        4,
        "People Partners, Learning, Recruitment, Personnel Records",
        "Amsterdam",
        "People Partner, Recruiter, Learning Adviser, Personnel Officer, Occupational Adviser",
    ),
    _Department(
        "Sales",
        9,
        "Hospitals, Partners, Municipalities, Tenders, Retail",
        "Amsterdam, New York, Amsterdam",
        "Account Manager, Account Manager, Sales Assistant, Tender Writer, Marketer",
    ),
    _Department(
        "Facilities",
        6,
        "Buildings, Catering, Cleaning, Reception",
        "Amsterdam",
        "Caretaker, Cook, Cleaner, Cleaner, Receptionist, Electrician, Porter",
        evening=0.09,
        night=0.17,
    ),
)
"""In the order in which a growing organisation gets them."""

SHIFT_ODDS = {department.name: (department.evening, department.night) for department in DEPARTMENTS}
TITLES = {department.name: department.titles.split(", ") for department in DEPARTMENTS}

NAMES = {
    "nl": (
        (
            "Emma Sanne Lotte Fleur Anouk Marijke Femke Roos Eva Noor Iris Maud Ilse Hanneke Marloes Esther Saskia"
            " Petra Wilma Renée Chloë Daniëlle Mieke Jolanda Thijs Bram Daan Jeroen Sander Maarten Joost Ruben Stijn"
            " Gijs Koen Wouter Niels Bas Pieter Willem Hendrik Jelle Sjoerd Teun Floris André René Cees Erik Martijn"
            " Joris"
        ),
        (
            "de Jong, Visser, Meijer, de Boer, Peters, Hendriks, van Dijk, van den Berg, van der Meer, van der"
            " Linden, Brouwer, de Wit, Dijkstra, van der Heijden, Scholten, Prins, Huisman, Postma, Veenstra,"
            " Hoekstra, van Leeuwen, Schouten, Willems, van Beek, Koster, Willemsen, van den Heuvel, Hofman, van Loon,"
            " Verbeek, in 't Veld, ter Horst, op den Kamp, Veldkamp, Wolters, Boersma, Hofstra, Groeneveld,"
            " Steenbergen, Blom, Gerritsen, Maas, Molenaar, Nijland, Oosterhuis, Roelofs, van Wijk, de Ruiter, de"
            " Koning, ten Brink, van 't Hof, van der Wal, Hendriks-Blom, Coppoolse, Daniëls"
        ),
    ),
    "tr": (
        "Elif Emre Zeynep Mehmet Ayşe Derya Tolga Gül Selin Aylin İpek Onur",
        "Şahin, Yılmaz, Kaya, Demir, Çelik, Öztürk, Aydın, Arslan, Aksoy, Doğan",  # noqa: RUF001 - a Turkish letter
    ),
    "ma": (
        "Fatima Youssef Samira Karim Naima Rachid Hajar Bilal Amal Soufiane",
        "El Amrani, Bouzid, Benali, El Idrissi, Chaoui, Ouali, Haddad, Tahiri, Azzouzi",
    ),
    "sr": (
        "Radha Vijay Shanti Winston Marciano Chandra Jerrel Ashwin Gladys",
        "Ramdin, Jagernath, Ramautar, Sewdien, Bihari, Mangroo, Pinas, Tjon A Loi",
    ),
    "pl": (
        "Łukasz Agnieszka Paweł Katarzyna Tomasz Małgorzata Wojciech Zofia Michał Joanna Jakub Kinga",
        "Nowak, Wójcik, Mazur, Krawczyk, Wróbel, Zając, Król, Pawlak, Kaczmarek, Baran, Gołąb, Stępień, Wieczorek",
    ),
    "pt": (
        "João Inês Tiago Beatriz Rui Catarina Gonçalo Mafalda Nuno Conceição Luís Sofia",
        "Cordeiro, Valadares, Magalhães, Araújo, Simões, Pinheiro, da Fonseca, dos Santos, Sequeira, Teixeira, Falcão",
    ),
    "en": (
        "Grace Aoife Callum Niamh Rhys Chidi Ngozi Kwame Amara Hannah Imogen Marcus Naomi Siobhán",
        "O'Neill, Whitcombe, MacLeod, Adeyemi, Mensah, Hargreaves, Osei, Ashworth, Penhaligon, Nwosu, Brathwaite",
    ),
    "de": (
        "Jürgen Anja Björn Gesa Birgit Jörg Silke Henning",
        "Schröder, Brückner, Köhler, Weiß, Vogt, Krüger, Böhm, von der Heide, Jäger",
    ),
    "us": (
        "Tyler Maya Jasmine Luis Denise Rebecca Tamika Wendell Noelle",
        "Goldfarb, Washington-Hill, Ortega, Nguyen, Kowalczyk, Villanueva, Hutchins, Petrosyan",
    ),
    "in": (
        "Rohan Sanjay Ishaan Nandini Tanvi Lakshmi Ritwik Sutapa Varun",
        "Chatterjee, Banerjee, Mukherjee, Sengupta, Iyer, Krishnamurthy, Bhattacharya, Ghosh",
    ),
    "nz": ("Aroha Wiremu Mereana Lachlan Bronte", "Wihongi, Te Aika, Renwick, Ashby, Thornbury"),
}

MOTHER_TONGUES = {"tr": "tr-TR", "pl": "pl-PL", "de": "de-DE", "en": "en-GB"}
ASCII = str.maketrans({"ł": "l", "ı": "i", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d"})  # noqa: RUF001 - idem


def organisation(people: int = 250, *, seed: int = 7, on: date) -> list[Row]:
    """Give the first export: everybody who works here on a day.

    From 20 people on there is a director, a head for each department and a lead for each team, and Ada de Vries,
    Sam Okafor and Liam Jansen have the external ids E0004, E0003 and E0005. With fewer people the team leads report
    to the director, and the three are there as far as there is room.

    Args:
        people: How many people work here, at least 1.
        seed: Another seed gives other people.
        on: The day of the export; everybody started before it.

    Returns:
        A row for each person, in the order of their external ids. The keys are `COLUMNS`.

    Raises:
        ValueError: If there is nobody to export.
    """
    if people < 1:
        message = f"an organisation has at least one person, not {people}"
        raise ValueError(message)
    dice = random.Random(seed)
    posts = list(_chart(people, dice))
    numbers = dice.sample(range(10_000, 60_000), people)
    known = _named(posts)
    taken = {row["email"] for row in (*NAMED, ORGANISER)}
    rows: list[Row] = []
    for post, number in zip(posts, numbers, strict=True):
        start_on = on - timedelta(days=int(dice.triangular(45, 8000, 600)))
        row = _person(post, number, taken, dice, start_on) | known.get(post.external_id, {})
        taken.add(row["email"])
        rows.append(row)
    return rows


def later_export(rows: Sequence[Row], *, seed: int = 7, on: date) -> list[Row]:
    """Give the export of some months later.

    One team has another lead, about one in 25 has left (and is still listed), as many have joined in their places, and
    a few have another title or team. Ada, Sam and Liam stay where they are.

    Args:
        rows: An earlier export; it is left as it is.
        seed: Another seed gives other changes.
        on: The day of this export, some months after the earlier one.

    Returns:
        The earlier people in the same order, then those who joined.
    """
    dice = random.Random(f"later {seed}")
    active = sum(row["active"] == "yes" for row in rows)
    after = _apply(rows, _another_lead(rows, dice))
    after = _apply(after, _other_teams(after, active // 80, dice))
    after = _apply(after, _other_titles(after, active // 50, dice))
    leavers = _draw(_staff(after), round(active / 25), dice)
    after = _apply(after, _left(leavers, on, dice))
    return after + _joiners(after, leavers, on, dice)


def write_csv(rows: Iterable[Row], path: str | Path) -> None:
    """Write an export as a CSV file in UTF-8 with a header, as in RFC 4180.

    Args:
        rows: The people.
        path: The file; what was there is replaced.
    """
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


# The chart: posts before people


def _chart(people: int, dice: random.Random) -> Iterator[_Post]:
    """Give all posts, managers before the people who report to them."""
    ids = (f"E{number:04}" for number in count(1))
    director = next(ids)
    yield _Post(director, "", DIRECTOR, "", "", HOME)
    for department, seats in _seats(people):
        above, members = director, seats
        if people >= SMALLEST_WITH_HEADS:
            above, members = next(ids), seats - 1
            yield _Post(above, director, f"Head of {department.name}", department.name, "", HOME)
        for team, size in enumerate(_team_sizes(members, dice)):
            yield from _team(department, team, size, above, ids, dice=dice)


def _seats(people: int) -> list[tuple[_Department, int]]:
    """Share everybody but the director over the departments; each gets a head and a team, the large ones more."""
    departments = DEPARTMENTS[: max(1, people // 15)]
    smallest = SMALLEST_TEAM + 1
    spare = people - 1 - smallest * len(departments)
    total = sum(department.share for department in departments)
    seats = [smallest + spare * department.share // total for department in departments]
    seats[0] += people - 1 - sum(seats)
    return list(zip(departments, seats, strict=True))


def _team_sizes(members: int, dice: random.Random) -> list[int]:
    """Split the members of a department into teams of unequal size, leads included."""
    if not members:
        return []
    teams = max(1, round(members / USUAL_TEAM))
    sizes = [members // teams + (team < members % teams) for team in range(teams)]
    for _ in range(4 * teams):
        smaller, larger = dice.randrange(teams), dice.randrange(teams)
        if sizes[smaller] > SMALLEST_TEAM and sizes[larger] < LARGEST_TEAM:
            sizes[smaller] -= 1
            sizes[larger] += 1
    return sizes


def _team(
    department: _Department, ordinal: int, size: int, above: str, ids: Iterator[str], *, dice: random.Random
) -> Iterator[_Post]:
    """Give the posts of one team, its lead first."""
    team, sites = _team_name(department, ordinal), _team_sites(department, ordinal, size)
    lead = next(ids)
    yield _Post(lead, above, LEAD, department.name, team, sites[0])
    for site in sites[1:]:
        yield _Post(next(ids), lead, dice.choice(TITLES[department.name]), department.name, team, site)


def _team_name(department: _Department, ordinal: int) -> str:
    """Name a team; when the names run out they come back with a number."""
    names = department.teams.split(", ")
    again, place = divmod(ordinal, len(names))
    return f"{names[place]} {again + 1}" if again else names[place]


def _team_sites(department: _Department, ordinal: int, size: int) -> list[str]:
    """Say where each member of a team works: in one office, but for the few far away."""
    offices = department.sites.split(", ")
    far = FAR_AWAY.get(_team_name(department, ordinal), ())
    return [offices[ordinal % len(offices)]] * (size - len(far)) + list(far)


def _named(posts: Sequence[_Post]) -> dict[str, Row]:
    """Seat the people the documentation speaks about.

    Three in the first team, and who runs the programme at the head of People.
    """
    if len(posts) < SMALLEST_WITH_HEADS:
        return {post.external_id: row for post, row in zip(posts[1:], NAMED, strict=False)}
    head_of_people = next((post for post in posts if post.department == "People" and not post.team), posts[0])
    seated = {post.external_id: row for post, row in zip(posts[2:], NAMED, strict=False)}
    return {head_of_people.external_id: ORGANISER} | seated


# The people on the posts


def _person(post: _Post, number: int, taken: Collection[str], dice: random.Random, start_on: date) -> Row:
    """Make up somebody for a post."""
    site = SITES[post.site]
    names = dice.choice(site.names.split())
    first, last = _name(names, dice)
    shift = _shift(post, dice)
    return {
        "external_id": post.external_id,
        "display_name": f"{first} {last}",
        "email": _email(first, last, taken) if _has_email(shift, dice) else "",
        "employee_number": str(number),
        "title": post.title,
        "department": post.department,
        "team": post.team,
        "manager_id": post.manager_id,
        "active": "yes",
        "on_leave": "yes" if post.manager_id and dice.random() < 0.03 else "no",
        "locale": _locale(site, names, dice),
        "timezone": site.timezone,
        "shift": shift,
        "start_on": start_on.isoformat(),
        "end_on": "",
    }


def _name(names: str, dice: random.Random) -> tuple[str, str]:
    """Draw a first and a last name that go together."""
    first, last = NAMES[names]
    return dice.choice(first.split()), dice.choice(last.split(", "))


def _email(first: str, last: str, taken: Collection[str]) -> str:
    """Give the first free address: first.last, then first.last2, and so on."""
    local = f"{_plain(first)}.{_plain(last)}"
    numbered = (f"{local}{number}@example.org" for number in count(2))
    address = f"{local}@example.org"
    while address in taken:
        address = next(numbered)
    return address


def _plain(name: str) -> str:
    """Keep the lower-case ASCII letters of a name, without its accents, spaces and apostrophes."""
    bare = unicodedata.normalize("NFKD", name).lower().translate(ASCII)
    return re.sub("[^a-z]", "", bare)


def _shift(post: _Post, dice: random.Random) -> str:
    """Draw a shift; those who lead work by day."""
    evening, night = SHIFT_ODDS.get(post.department, (0.0, 0.0)) if _is_staff_post(post) else (0.0, 0.0)
    return dice.choices(("day", "evening", "night"), (1 - evening - night, evening, night))[0]


def _is_staff_post(post: _Post) -> bool:
    return bool(post.team) and post.title != LEAD


def _has_email(shift: str, dice: random.Random) -> bool:
    """Two in three who work at night have no address."""
    return shift != "night" or dice.random() < 1 / 3


def _locale(site: _Site, names: str, dice: random.Random) -> str:
    """Draw the language somebody reads: now and then the mother tongue, mostly what is usual on the site."""
    tongue = MOTHER_TONGUES.get(names, "")
    if tongue and dice.random() < 0.4:
        return tongue
    return dice.choice(site.locales.split())


# What changes between two exports: each function gives new values by external id


def _apply(rows: Iterable[Row], changes: dict[str, Row]) -> list[Row]:
    """Give new rows with the changes in them."""
    return [row | changes.get(row["external_id"], {}) for row in rows]


def _staff(rows: Iterable[Row]) -> list[Row]:
    """Find the active people who lead nobody and of whom the documentation does not speak."""
    rows = list(rows)
    managers = {row["manager_id"] for row in rows}
    named = {row["email"] for row in NAMED}
    return [
        row
        for row in rows
        if row["active"] == "yes"
        and row["manager_id"]
        and row["external_id"] not in managers
        and row["email"] not in named
    ]


def _draw(rows: Sequence[Row], number: int, dice: random.Random) -> list[Row]:
    """Draw that many rows, or all when there are not so many."""
    return dice.sample(rows, min(number, len(rows)))


def _another_lead(rows: Sequence[Row], dice: random.Random) -> dict[str, Row]:
    """Let somebody from a team, not Sam's, take over from the lead, who becomes a member."""
    by_id = {row["external_id"]: row for row in rows}
    able = [row for row in _staff(rows) if _may_take_over(row, by_id[row["manager_id"]])]
    if not able:
        return {}
    successor = dice.choice(able)
    lead, new_id = by_id[successor["manager_id"]], successor["external_id"]
    members = [row for row in rows if row["manager_id"] == lead["external_id"]]
    changes: dict[str, Row] = {row["external_id"]: {"manager_id": new_id} for row in members}
    changes[new_id] = {"manager_id": lead["manager_id"], "title": LEAD}
    changes[lead["external_id"]] = {"manager_id": new_id, "title": successor["title"]}
    return changes


def _may_take_over(row: Row, lead: Row) -> bool:
    is_named = lead["email"] in {named["email"] for named in NAMED}
    is_at_hand = row["timezone"] == lead["timezone"] and row["shift"] == "day" and row["on_leave"] == "no"
    return bool(lead["team"]) and is_at_hand and not is_named


def _other_teams(rows: Sequence[Row], number: int, dice: random.Random) -> dict[str, Row]:
    """Let a few people move to another team of their department, in the same office."""
    leads = [row for row in rows if row["title"] == LEAD and row["active"] == "yes"]
    places = {row["external_id"]: _teams_nearby(row, leads) for row in _staff(rows)}
    movers = _draw([row for row in rows if places.get(row["external_id"])], number, dice)
    chosen = {row["external_id"]: dice.choice(places[row["external_id"]]) for row in movers}
    return {mover: {"team": lead["team"], "manager_id": lead["external_id"]} for mover, lead in chosen.items()}


def _teams_nearby(row: Row, leads: Iterable[Row]) -> list[Row]:
    """Find the leads of the other teams somebody could move to."""
    return [
        lead
        for lead in leads
        if lead["department"] == row["department"]
        and lead["timezone"] == row["timezone"]
        and lead["team"] != row["team"]
    ]


def _other_titles(rows: Sequence[Row], number: int, dice: random.Random) -> dict[str, Row]:
    """Let a few people become senior in what they do."""
    junior = [row for row in _staff(rows) if not row["title"].startswith(("Senior ", LEAD))]
    return {row["external_id"]: {"title": f"Senior {row['title']}"} for row in _draw(junior, number, dice)}


def _left(leavers: Sequence[Row], on: date, dice: random.Random) -> dict[str, Row]:
    """End the employment of the leavers in the two months before a day, and not before it began."""
    days = {row["external_id"]: on - timedelta(days=dice.randint(1, 60)) for row in leavers}
    starts = {row["external_id"]: row["start_on"] for row in leavers}
    return {
        leaver: {"active": "no", "on_leave": "no", "end_on": max(day.isoformat(), starts[leaver])}
        for leaver, day in days.items()
    }


def _joiners(rows: Sequence[Row], leavers: Iterable[Row], on: date, dice: random.Random) -> list[Row]:
    """Make up somebody new in the place of each leaver, started in the six weeks before a day."""
    ids = count(max(int(row["external_id"][1:]) for row in rows) + 1)
    numbers = count(max(int(row["employee_number"]) for row in rows) + 1)
    taken = {row["email"] for row in rows}
    joiners: list[Row] = []
    for leaver in leavers:
        start_on = on - timedelta(days=dice.randint(1, 42))
        joiner = _person(_vacancy(leaver, f"E{next(ids):04}"), next(numbers), taken, dice, start_on)
        taken.add(joiner["email"])
        joiners.append(joiner | {"on_leave": "no"})
    return joiners


def _vacancy(leaver: Row, external_id: str) -> _Post:
    """Give the post somebody leaves; a newcomer does not start as a senior."""
    site = next(name for name, site in SITES.items() if site.timezone == leaver["timezone"])
    title = leaver["title"].removeprefix("Senior ")
    return _Post(external_id, leaver["manager_id"], title, leaver["department"], leaver["team"], site)
