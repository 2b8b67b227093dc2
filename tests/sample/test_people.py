"""The sample organisation is believable, whole and the same every time."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership.sample.people import COLUMNS, later_export, organisation, write_csv

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2026, 1, 15)
LATER = date(2026, 6, 1)
NAMED = ("ada@example.org", "sam@example.org", "liam@example.org")

Row = dict[str, str]
sizes = st.one_of(st.integers(1, 60), st.integers(61, 700))
seeds = st.integers(0, 2**32)


def by_email(rows: list[Row], email: str) -> Row:
    """Find the one person with an address."""
    (row,) = [row for row in rows if row["email"] == email]
    return row


def by_id(rows: list[Row]) -> dict[str, Row]:
    """Look people up by external id."""
    return {row["external_id"]: row for row in rows}


def share(rows: list[Row], column: str, *values: str) -> float:
    """Say which part of the rows has one of the values."""
    return sum(row[column] in values for row in rows) / len(rows)


def teams(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Put the members of each team together, its lead included."""
    members: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["team"]:
            members.setdefault((row["department"], row["team"]), []).append(row)
    return members


def steps_to_the_top(row: Row, people: dict[str, Row]) -> int:
    """Count the managers above somebody; a loop is cut off at the number of people."""
    steps = 0
    while row["manager_id"] and steps <= len(people):
        row = people[row["manager_id"]]
        steps += 1
    return steps


def assert_whole(rows: list[Row]) -> None:
    """State what holds for every export, whatever its size and seed."""
    people = by_id(rows)
    emails = [row["email"] for row in rows if row["email"]]
    active = {row["external_id"] for row in rows if row["active"] == "yes"}
    assert len(people) == len(rows)
    assert len({row["employee_number"] for row in rows}) == len(rows)
    assert len(set(emails)) == len(emails)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+\d*)?@example\.org", email) for email in emails)
    assert all(tuple(row) == COLUMNS for row in rows)
    assert all(row["manager_id"] in active for row in rows if row["manager_id"])
    assert all(row["manager_id"] != row["external_id"] for row in rows)
    assert [row["title"] for row in rows if not row["manager_id"]] == ["Managing Director"]
    assert max(steps_to_the_top(row, people) for row in rows) <= 3
    assert all(row["shift"] in {"day", "evening", "night"} for row in rows)
    assert all({row["active"], row["on_leave"]} <= {"yes", "no"} for row in rows)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """The organisation the documentation uses."""
    return organisation(on=ON)


@pytest.fixture(scope="module")
def later(rows: list[Row]) -> list[Row]:
    """The same organisation some months later."""
    return later_export(rows, on=LATER)


@given(people=sizes, seed=seeds)
def test_every_export_is_whole(people: int, seed: int) -> None:
    """Ids and addresses are unique, managers are known and active, and nobody is above himself."""
    rows = organisation(people, seed=seed, on=ON)
    assert len(rows) == people
    assert_whole(rows)


@given(people=sizes, seed=seeds)
def test_every_later_export_is_whole(people: int, seed: int) -> None:
    """What holds for the first export holds for the second and the third."""
    second = later_export(organisation(people, seed=seed, on=ON), seed=seed, on=LATER)
    assert_whole(second)
    assert_whole(later_export(second, seed=seed + 1, on=LATER + timedelta(days=120)))


@given(people=sizes, seed=seeds)
def test_a_seed_gives_the_same_rows(people: int, seed: int) -> None:
    """The same people, seed and day give the same rows, for both exports."""
    first = organisation(people, seed=seed, on=ON)
    assert first == organisation(people, seed=seed, on=ON)
    assert later_export(first, seed=seed, on=LATER) == later_export(first, seed=seed, on=LATER)


@given(people=st.integers(20, 700), seed=seeds)
def test_the_documented_three_are_always_there(people: int, seed: int) -> None:
    """Ada and Liam report to Sam, who leads their team in Technology, in both exports."""
    first = organisation(people, seed=seed, on=ON)
    for rows in (first, later_export(first, seed=seed, on=LATER)):
        ada, sam, liam = (by_email(rows, email) for email in NAMED)
        assert [ada["external_id"], sam["external_id"], liam["external_id"]] == ["E0004", "E0003", "E0005"]
        assert ada["manager_id"] == liam["manager_id"] == sam["external_id"]
        assert ada["team"] == liam["team"] == sam["team"] != ""
        assert {row["department"] for row in (ada, sam, liam)} == {"Technology"}
        assert {row["active"] for row in (ada, sam, liam)} == {"yes"}


@given(people=st.integers(20, 700), seed=seeds)
def test_a_team_has_five_to_fourteen_people_and_one_lead(people: int, seed: int) -> None:
    """Every team has from 5 to 14 people, one of whom leads the others."""
    for members in teams(organisation(people, seed=seed, on=ON)).values():
        (lead,) = [row for row in members if row["title"] == "Team Lead"]
        assert 5 <= len(members) <= 14
        assert {row["manager_id"] for row in members if row is not lead} == {lead["external_id"]}


@given(people=sizes, seed=seeds)
def test_dates_are_in_order(people: int, seed: int) -> None:
    """Everybody started before the day of the export, and nobody left before starting."""
    first = organisation(people, seed=seed, on=ON)
    second = later_export(first, seed=seed, on=LATER)
    assert all(date.fromisoformat(row["start_on"]) < ON and not row["end_on"] for row in first)
    assert all(date.fromisoformat(row["start_on"]) < LATER for row in second)
    assert all(row["start_on"] <= row["end_on"] < LATER.isoformat() for row in second if row["end_on"])


def test_ada_sam_and_liam_are_as_documented(rows: list[Row]) -> None:
    """The three have the names, languages, zone and shift that the documentation speaks of."""
    ada, sam, liam = (by_email(rows, email) for email in NAMED)
    assert [row["display_name"] for row in (ada, sam, liam)] == ["Ada de Vries", "Sam Okafor", "Liam Jansen"]
    assert [row["locale"] for row in (ada, sam, liam)] == ["en-GB", "en-GB", "nl-NL"]
    assert {(row["timezone"], row["shift"], row["on_leave"]) for row in (ada, sam, liam)} == {
        ("Europe/Amsterdam", "day", "no")
    }
    assert sam["title"] == "Team Lead"


def test_other_people_have_other_names(rows: list[Row]) -> None:
    """Nobody else is called Ada, Sam or Liam."""
    first_names = Counter(row["display_name"].split()[0] for row in organisation(5000, on=ON))
    assert [first_names[name] for name in ("Ada", "Sam", "Liam")] == [1, 1, 1]
    assert len({row["display_name"] for row in rows}) > 0.9 * len(rows)


def test_there_are_eight_skewed_departments_with_a_head(rows: list[Row]) -> None:
    """Eight departments differ in size, and each has one head who reports to the director."""
    departments = Counter(row["department"] for row in rows if row["department"])
    heads = [row for row in rows if row["title"].startswith("Head of ")]
    assert len(departments) == 8
    assert max(departments.values()) > 3 * min(departments.values())
    assert sorted(row["department"] for row in heads) == sorted(departments)
    assert {row["manager_id"] for row in heads} == {rows[0]["external_id"]}


def test_most_people_are_in_amsterdam_and_some_far_away(rows: list[Row]) -> None:
    """Zones are real, most people are in one, and the half-hour ones are there too."""
    zones = Counter(row["timezone"] for row in rows)
    assert all(ZoneInfo(zone).key == zone for zone in zones)
    assert zones["Europe/Amsterdam"] > 0.6 * len(rows)
    assert zones["Pacific/Auckland"] == zones["Australia/Lord_Howe"] == 1
    assert {"Europe/Lisbon", "Europe/Warsaw", "America/New_York", "Asia/Kolkata"} < set(zones)


def test_a_team_sits_together(rows: list[Row]) -> None:
    """A team works in one zone; only Follow the Sun has members far away."""
    spread = [team for (_, team), members in teams(rows).items() if len({row["timezone"] for row in members}) > 1]
    assert spread == ["Follow the Sun"]


def test_most_people_read_dutch_then_english(rows: list[Row]) -> None:
    """Dutch comes first, English second, and a handful of other languages follow."""
    languages = Counter(row["locale"].partition("-")[0] for row in rows)
    assert [language for language, _ in languages.most_common(2)] == ["nl", "en"]
    assert len(languages) >= 5
    assert all(re.fullmatch("[a-z]{2}-[A-Z]{2}", row["locale"]) for row in rows)


def test_some_work_at_night_and_have_no_address() -> None:
    """About one in eight works evenings or nights, and many who work at night have no e-mail."""
    rows = organisation(2000, on=ON)
    at_night = [row for row in rows if row["shift"] == "night"]
    assert 0.09 < share(rows, "shift", "evening", "night") < 0.15
    assert {row["department"] for row in at_night} == {"Care", "Logistics", "Facilities"}
    assert 0.5 < share(at_night, "email", "") < 0.8
    assert all(row["shift"] == "night" for row in rows if not row["email"])


def test_a_few_are_on_leave(rows: list[Row]) -> None:
    """Some people are on leave, and few."""
    assert 0 < share(rows, "on_leave", "yes") < 0.08


def test_names_keep_their_diacritics_and_addresses_lose_them() -> None:
    """A name is written as its owner writes it; the address is made of ASCII letters."""
    emails = {row["display_name"]: row["email"] for row in organisation(5000, on=ON) if row["email"]}
    turkish, polish, german = (
        next(name for name in emails if name.endswith(ending)) for ending in ("Öztürk", "Gołąb", "Weiß")
    )
    assert ".ozturk" in emails[turkish]
    assert ".golab" in emails[polish]
    assert ".weiss" in emails[german]
    assert any(name.endswith("van den Berg") and ".vandenberg" in email for name, email in emails.items())
    assert any(name.endswith("O'Neill") and ".oneill" in email for name, email in emails.items())


def test_a_namesake_gets_a_number() -> None:
    """The second person with a name gets 2 behind the name in the address."""
    emails = {row["email"] for row in organisation(1000, on=ON)}
    second = next(email for email in emails if email.endswith("2@example.org"))
    assert second.replace("2@", "@") in emails


def test_another_seed_gives_other_people(rows: list[Row]) -> None:
    """Two seeds differ in more than one row."""
    other = organisation(seed=8, on=ON)
    assert sum(a["display_name"] != b["display_name"] for a, b in zip(rows, other, strict=True)) > 200


@pytest.mark.parametrize(("people", "there"), [(1, 0), (2, 1), (3, 2), (4, 3), (19, 3)])
def test_a_small_organisation_has_who_fits(people: int, there: int) -> None:
    """Below 20 people the team leads report to the director, and Sam, Ada and Liam come in that order."""
    rows = organisation(people, on=ON)
    leads = [row for row in rows if row["title"] == "Team Lead"]
    assert len(rows) == people
    assert [row["email"] for row in rows[1 : 1 + there]] == ["sam@example.org", "ada@example.org", "liam@example.org"][
        :there
    ]
    assert {row["manager_id"] for row in leads} <= {rows[0]["external_id"]}


def test_the_largest_organisation_is_whole() -> None:
    """Five thousand people have unique ids, addresses and teams of the right size."""
    rows = organisation(5000, on=ON)
    assert_whole(rows)
    assert rows[-1]["external_id"] == "E5000"
    assert all(5 <= len(members) <= 14 for members in teams(rows).values())


def test_nobody_is_no_organisation() -> None:
    """An organisation of no people is refused."""
    with pytest.raises(ValueError, match="at least one person"):
        organisation(0, on=ON)


def test_some_leave_and_are_still_listed(rows: list[Row], later: list[Row]) -> None:
    """One in 25 has left since the first export, with a last day, and is still in the file."""
    leavers = [row for row in later if row["active"] == "no"]
    assert len(leavers) == len(rows) / 25
    assert all(row["end_on"] for row in leavers)
    assert {row["external_id"] for row in leavers} < set(by_id(rows))
    assert all(not row["end_on"] for row in later if row["active"] == "yes")


def test_some_join_with_new_ids(rows: list[Row], later: list[Row]) -> None:
    """One in 25 has joined shortly before the second export, with a higher id than anybody had."""
    joiners = later[len(rows) :]
    assert len(joiners) == len(rows) / 25
    assert all(row["external_id"] > rows[-1]["external_id"] for row in joiners)
    assert all(row["active"] == "yes" and row["start_on"] > ON.isoformat() for row in joiners)


def test_one_team_has_another_lead(rows: list[Row], later: list[Row]) -> None:
    """In one team somebody else leads; the former lead stays as a member."""
    before, after = by_id(rows), by_id(later)
    (new,) = [key for key in before if after[key]["title"] == "Team Lead" != before[key]["title"]]
    (old,) = [key for key in before if before[key]["title"] == "Team Lead" != after[key]["title"]]
    assert before[new]["manager_id"] == old
    assert after[old]["manager_id"] == new
    assert after[new]["manager_id"] == before[old]["manager_id"]
    assert after[new]["team"] == after[old]["team"] != by_email(later, "ada@example.org")["team"]
    assert old not in {row["manager_id"] for row in later}


def test_a_few_have_another_title_or_team(rows: list[Row], later: list[Row]) -> None:
    """Some people became senior and some moved to another team of their department."""
    before, after = by_id(rows), by_id(later)
    seniors = [key for key in before if after[key]["title"] == f"Senior {before[key]['title']}"]
    movers = [key for key in before if after[key]["team"] != before[key]["team"]]
    assert 1 <= len(seniors) <= 10
    assert 1 <= len(movers) <= 10
    assert all(after[key]["department"] == before[key]["department"] for key in movers)
    assert all(after[key]["manager_id"] != before[key]["manager_id"] for key in movers)


def test_a_later_export_leaves_the_first_as_it_is(rows: list[Row]) -> None:
    """The rows that go in are not changed."""
    copy = [dict(row) for row in rows]
    later_export(rows, on=LATER)
    assert rows == copy


def test_a_file_reads_back_as_the_rows(rows: list[Row], tmp_path: Path) -> None:
    """What is written is UTF-8 with a header and CRLF, and reads back the same."""
    path = tmp_path / "people.csv"
    write_csv(rows, path)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == rows
    content = path.read_bytes()
    assert content.startswith((",".join(COLUMNS) + "\r\n").encode())
    assert content.count(b"\r\n") == content.count(b"\n") == len(rows) + 1


def test_two_files_of_one_seed_are_the_same_bytes(tmp_path: Path) -> None:
    """A file can be made again byte for byte."""
    for name in ("one.csv", "two.csv"):
        write_csv(organisation(60, on=ON), tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_somebody_runs_the_programme(rows: list[Row]) -> None:
    """The head of the department People is the organiser of whom the documentation speaks."""
    organiser = by_email(rows, "hr@example.org")
    assert (organiser["department"], organiser["team"], organiser["on_leave"]) == ("People", "", "no")
