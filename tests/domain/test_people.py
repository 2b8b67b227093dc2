"""People, whose relations have dates, and the audiences they choose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, exceptions
from hypothesis import given
from hypothesis import strategies as st

from ownership.domain.moments import EARLIEST
from ownership.domain.people import (
    ONLY_ME,
    STARTS_AT,
    Audience,
    AudienceKind,
    Membership,
    Person,
    PersonId,
    ReportingLine,
    Shift,
    managers_in_a_loop,
)
from ownership.errors import InvalidInput
from ownership.testing import audiences, days, memberships, people, person_ids, reporting_lines

ADA, SAM, LIAM, NOOR = (PersonId(name) for name in ("ada", "sam", "liam", "noor"))
DAY = date(2026, 3, 1)


def person(**fields: Any) -> Person:
    """Make someone called Ada."""
    return Person(ADA, "Ada", **fields)


@given(people())
def test_others_read_who_somebody_is_and_nothing_else(someone: Person) -> None:
    """What colleagues get of a person is what her record says that its readers see; all else is as if not there."""
    seen = someone.seen_by_others()
    shown = {name: getattr(someone, name) for name in Person.keeping.shows}
    assert seen == Person(**shown)


class TestAudience:
    """Who may see an item besides its owner."""

    @pytest.mark.parametrize("kind", [kind for kind in AudienceKind if kind is not AudienceKind.PEOPLE])
    def test_a_kind_is_spoken_as_its_word(self, kind: AudienceKind) -> None:
        """The word of a kind is read as that kind, and only "only_me" is private."""
        assert Audience.of(kind.value) == Audience(kind)
        assert Audience.of(kind.value).is_private == (kind is AudienceKind.ONLY_ME)

    def test_people_are_named_by_a_list_without_doubles(self) -> None:
        """A list of ids means those people, each once, in the order in which they were named."""
        assert Audience.of([SAM, LIAM, SAM]) == Audience(AudienceKind.PEOPLE, (SAM, LIAM))
        assert Audience.of(name for name in (SAM, LIAM)).person_ids == (SAM, LIAM)

    @pytest.mark.parametrize("spoken", ["", "all", "people", "MANAGER", "hr", []])
    def test_what_names_nobody_is_refused(self, spoken: str | list[str]) -> None:
        """A word that is no kind, and a list of nobody, are refused."""
        with pytest.raises(InvalidInput, match="audience"):
            Audience.of(spoken)

    @pytest.mark.parametrize("kind", AudienceKind)
    @pytest.mark.parametrize("named", [(), (SAM,)])
    def test_people_are_named_exactly_for_named_people(self, kind: AudienceKind, named: tuple[PersonId, ...]) -> None:
        """An audience of named people names some, and any other names none."""
        if (kind is AudienceKind.PEOPLE) == bool(named):
            assert Audience(kind, named).person_ids == named
        else:
            with pytest.raises(InvalidInput, match="audience"):
                Audience(kind, named)

    @given(audiences())
    def test_an_audience_is_an_audience(self, audience: Audience) -> None:
        """An audience given as such is taken as it is."""
        assert Audience.of(audience) is audience

    def test_the_default_is_only_me(self) -> None:
        """Who chooses nothing shares nothing."""
        assert Audience() == ONLY_ME
        assert ONLY_ME.is_private


class TestDates:
    """Relations hold from a day (included) until a day (not included)."""

    @given(days(), st.none() | days(), days())
    def test_lines_and_memberships_cover_the_same_days(self, since: date, until: date | None, day: date) -> None:
        """A relation covers its first day, and no longer the day on which it ends, which lies after the first."""
        if until is not None and until <= since:
            for make, noun in (
                (lambda: ReportingLine(SAM, since, until), "reporting_line"),
                (lambda: Membership("Sales", "North", since, until), "membership"),
            ):
                with pytest.raises(InvalidInput, match=rf"{noun}\.until"):
                    make()
            return
        holds = day.toordinal() in range(since.toordinal(), until.toordinal() if until else date.max.toordinal())
        assert ReportingLine(SAM, since, until).covers(day) is holds
        assert Membership("Sales", "North", since, until).covers(day) is holds

    @given(st.none() | days(), st.none() | days(), st.booleans(), days())
    def test_one_works_from_the_first_day_to_the_last(
        self, start: date | None, end: date | None, active: bool, day: date
    ) -> None:
        """A person works on the first and the last day, on those between, and never when inactive."""
        expected = active and not (start and day < start) and not (end and day > end)
        assert person(start_on=start, end_on=end, active=active).works_on(day) is expected

    @given(reporting_lines(), days())
    def test_the_manager_of_a_day_is_who_held_the_line_that_day(
        self, lines: tuple[ReportingLine, ...], day: date
    ) -> None:
        """At most one reporting line holds on a day, and it is found."""
        holding = [line for line in lines if line.since <= day and (line.until is None or day < line.until)]
        assert person(reporting_lines=lines).reporting_line_on(day) == (holding[0] if holding else None)

    @given(memberships(), days())
    def test_the_team_of_a_day_is_the_membership_that_day(self, held: tuple[Membership, ...], day: date) -> None:
        """At most one membership holds on a day, and it is found."""
        holding = [m for m in held if m.since <= day and (m.until is None or day < m.until)]
        assert person(memberships=held).membership_on(day) == (holding[0] if holding else None)

    @given(reporting_lines(), reporting_lines())
    def test_no_two_managers_on_a_day(self, one: tuple[ReportingLine, ...], other: tuple[ReportingLine, ...]) -> None:
        """Lines that share a day are refused, in whatever order they stand; those that follow each other are kept."""
        lines = one + other
        shared = {line.since for line in lines if sum(another.covers(line.since) for another in lines) > 1}
        if shared:
            with pytest.raises(InvalidInput, match=r"person\.reporting_lines"):
                person(reporting_lines=lines)
        else:
            assert person(reporting_lines=lines).reporting_lines == lines

    @given(memberships(), memberships())
    def test_no_two_teams_on_a_day(self, one: tuple[Membership, ...], other: tuple[Membership, ...]) -> None:
        """Memberships that share a day are refused; those that follow each other are kept."""
        held = one + other
        if any(sum(another.covers(each.since) for another in held) > 1 for each in held):
            with pytest.raises(InvalidInput, match=r"person\.memberships"):
                person(memberships=held)
        else:
            assert person(memberships=held).memberships == held

    @given(people(), st.none() | person_ids(), days(), days())
    def test_from_a_day_on_the_manager_is_who_was_told(
        self, someone: Person, manager_id: PersonId | None, since: date, day: date
    ) -> None:
        """Whatever lines there are, also such as begin later: from that day it is who was told, before as before."""
        if manager_id == someone.id:
            with pytest.raises(InvalidInput, match=r"person\.reporting_lines"):
                someone.reporting_to(manager_id, since=since)
            return
        told = someone.reporting_to(manager_id, since=since)
        line, before = told.reporting_line_on(day), someone.reporting_line_on(day)
        expected = manager_id if day >= since else before.manager_id if before else None
        assert (line.manager_id if line else None) == expected
        assert told.reporting_to(manager_id, since=since) is told

    @given(people(), st.sampled_from(["", "Sales"]), st.sampled_from(["", "North"]), days(), days())
    def test_from_a_day_on_the_team_is_what_was_told(
        self, someone: Person, department: str, team: str, since: date, day: date
    ) -> None:
        """Whatever memberships there are, also such as begin later: from the day on it is what was told."""
        told = someone.joining(department, team, since=since)
        held, before = told.membership_on(day), someone.membership_on(day)
        was = (before.department, before.team) if before else ("", "")
        assert ((held.department, held.team) if held else ("", "")) == ((department, team) if day >= since else was)
        assert told.joining(department, team, since=since) is told

    def test_what_was_to_begin_later_does_not(self) -> None:
        """A line of next month gives way to what is told today, also to the manager of today and to nobody."""
        later = DAY + timedelta(days=30)
        ada = person(reporting_lines=(ReportingLine(SAM, DAY, later), ReportingLine(LIAM, later)))
        assert ada.reporting_to(SAM, since=DAY).reporting_lines == (ReportingLine(SAM, DAY),)
        assert person(reporting_lines=(ReportingLine(LIAM, later),)).reporting_to(None, since=DAY) == person()

    @given(st.lists(st.tuples(st.sampled_from([SAM, LIAM, None]), st.integers(0, 3)), max_size=8))
    def test_a_change_of_manager_holds_from_its_day_and_keeps_the_past(
        self, changes: list[tuple[PersonId | None, int]]
    ) -> None:
        """Day by day, the manager is the one last set, and what was true before stays true of then."""
        someone, day = person(), DAY
        expected: dict[date, PersonId | None] = {}
        for manager_id, wait in changes:
            for _ in range(wait):
                line = someone.reporting_line_on(day)
                expected[day] = line.manager_id if line else None
                day += timedelta(days=1)
            someone = someone.reporting_to(manager_id, since=day)
            line = someone.reporting_line_on(day + timedelta(days=100))
            assert (line.manager_id if line else None) == manager_id
        for past, manager_id in expected.items():
            held = [line.manager_id for line in someone.reporting_lines if line.covers(past)]
            assert held == ([manager_id] if manager_id else [])

    def test_the_same_manager_again_changes_nothing(self) -> None:
        """Telling what is already known leaves the person as it is, so the right of a manager keeps its first day."""
        ada = person().reporting_to(SAM, since=DAY)
        assert ada.reporting_to(SAM, since=DAY + timedelta(days=9)) is ada
        assert person().reporting_to(None, since=DAY) == person()

    def test_a_manager_who_returns_begins_anew(self) -> None:
        """Who was manager before and comes back has a line from the day of the return."""
        later, last = DAY + timedelta(days=5), DAY + timedelta(days=9)
        ada = person().reporting_to(SAM, since=DAY).reporting_to(LIAM, since=later).reporting_to(SAM, since=last)
        assert ada.reporting_lines == (
            ReportingLine(SAM, DAY, later),
            ReportingLine(LIAM, later, last),
            ReportingLine(SAM, last),
        )
        assert ada.manager_id == (SAM, LIAM)

    def test_a_change_on_the_day_itself_replaces_what_began_that_day(self) -> None:
        """Two changes on one day leave only the last."""
        ada = person().reporting_to(SAM, since=DAY).reporting_to(LIAM, since=DAY)
        assert ada.reporting_lines == (ReportingLine(LIAM, DAY),)
        assert ada.reporting_to(None, since=DAY).reporting_lines == ()

    def test_joining_a_team_ends_the_membership_before(self) -> None:
        """A person is in one team at a time, and the same team again changes nothing."""
        later = DAY + timedelta(days=5)
        ada = person().joining("Sales", "North", since=DAY)
        assert ada.joining("Sales", "North", since=later) is ada
        moved = ada.joining("Sales", "South", since=later)
        assert moved.memberships == (Membership("Sales", "North", DAY, later), Membership("Sales", "South", later))
        assert moved.team == ("North", "South")

    def test_no_team_is_only_noted_when_there_was_one(self) -> None:
        """Whoever was nowhere and is told to be nowhere has no membership; whoever was somewhere has one of nowhere."""
        assert person().joining("", "", since=DAY) == person()
        left = person().joining("Sales", "North", since=DAY).joining("", "", since=DAY + timedelta(days=1))
        assert left.memberships[-1] == Membership("", "", DAY + timedelta(days=1))
        assert left.team == ("North",)


class TestPartner:
    """The conversation partner: who she chose, else her manager."""

    def test_the_manager_is_the_partner_until_she_chooses(self) -> None:
        """Without a choice the partner is the manager, with the dates of that line; with none there is nobody."""
        assert person().partner_on(DAY) is None
        ada = person().reporting_to(SAM, since=DAY)
        assert ada.partner_on(DAY) == ReportingLine(SAM, DAY)

    def test_her_own_choice_comes_first_and_can_be_taken_back(self) -> None:
        """A partner of her own choice begins on the day of the choice; None gives the manager again."""
        later = DAY + timedelta(days=3)
        ada = person().reporting_to(SAM, since=DAY).with_partner(NOOR, since=later)
        assert ada.partner_on(later) == ReportingLine(NOOR, later)
        assert ada.with_partner(None, since=later).partner_on(later) == ReportingLine(SAM, DAY)
        assert ada.with_partner(None, since=later).partner_since is None

    def test_a_partner_without_a_first_day_was_always_there(self) -> None:
        """Where no day is known, the partner counts from the beginning."""
        assert person(partner_id=NOOR).partner_on(DAY) == ReportingLine(NOOR, EARLIEST)

    def test_she_may_want_no_partner(self) -> None:
        """Without a partner there is nobody, the manager neither, until she chooses one or her manager again."""
        ada = person().reporting_to(SAM, since=DAY).with_partner(NOOR, since=DAY).without_partner()
        assert ada.partner_on(DAY) is None
        assert (ada.partner_id, ada.partner_since) == (None, None)
        assert ada.with_partner(LIAM, since=DAY).partner_on(DAY) == ReportingLine(LIAM, DAY)
        assert ada.with_partner(None, since=DAY).partner_on(DAY) == ReportingLine(SAM, DAY)

    def test_nobody_is_their_own_partner(self) -> None:
        """A talk takes two."""
        with pytest.raises(InvalidInput, match="partner"):
            person().with_partner(ADA, since=DAY)


class TestPerson:
    """Someone who works here."""

    @pytest.mark.parametrize(
        ("locale", "override", "language"),
        [("en", None, "en"), ("nl-BE", None, "nl"), ("en_GB", None, "en"), ("NL", None, "nl"), ("en", "nl-NL", "nl")],
    )
    def test_ones_own_language_wins(self, locale: str, override: str | None, language: str) -> None:
        """The language is that of one's own wish, else that of the directory, without its region."""
        assert person(locale=locale, locale_override=override).language == language

    def test_ones_own_zone_wins(self) -> None:
        """The time zone is that of one's own wish, else that of the directory."""
        assert person(timezone="Europe/Paris").zone == ZoneInfo("Europe/Paris")
        assert person(timezone="Europe/Paris", timezone_override="Asia/Tokyo").zone == ZoneInfo("Asia/Tokyo")

    def test_every_shift_has_a_start(self) -> None:
        """For every shift there is a time from which a message may come."""
        assert set(STARTS_AT) == set(Shift)

    @given(people())
    def test_a_person_owns_their_record(self, someone: Person) -> None:
        """The owner of a person's record is the person."""
        assert someone.owner_id == someone.id

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("display_name", ""),
            ("display_name", "a\u202eb"),
            ("email", "nobody"),
            ("email", "a@b.nl\r\nBcc: c@d.nl"),
            ("title", "\x00"),
            ("employee_number", "\ud800"),
            ("external_id", "\x1b"),
            ("timezone", "Mars/Olympus"),
            ("timezone_override", "CEST+1"),
            ("start_on", "2026-01-01"),
            ("end_on", date(9999, 1, 1)),
            ("locale", "English please"),
            ("locale", ""),
            ("locale_override", "../nl"),
            ("source", "two\nlines"),
            ("partner_id", ADA),
            ("partner_since", DAY),
            ("reporting_lines", (ReportingLine(ADA, DAY),)),
            ("reporting_lines", (ReportingLine(SAM, DAY), ReportingLine(LIAM, DAY + timedelta(days=1)))),
            ("reporting_lines", (ReportingLine(SAM, DAY), ReportingLine(SAM, DAY))),
            ("memberships", (Membership("A", "B", DAY), Membership("A", "C", DAY - timedelta(days=1)))),
        ],
    )
    def test_what_cannot_be_kept_is_refused_with_the_fields_name(self, name: str, value: Any) -> None:
        """A bad field of a person is refused under its own name."""
        with pytest.raises(InvalidInput) as refused:
            evolve(person(), **{name: value})
        assert [problem.path for problem in refused.value.problems] == [f"person.{name}"]

    def test_no_partner_and_one_do_not_go_together(self) -> None:
        """Who wants no partner has none."""
        with pytest.raises(InvalidInput, match=r"person\.is_without_partner"):
            person(partner_id=SAM, is_without_partner=True)

    @pytest.mark.parametrize(
        ("department", "team", "name"), [("\ud800", "North", "department"), ("Sales", "a\u202eb", "team")]
    )
    def test_the_names_of_a_team_are_text_that_can_be_kept(self, department: str, team: str, name: str) -> None:
        """A department or team that could not be stored is refused under its own name."""
        with pytest.raises(InvalidInput, match=rf"membership\.{name}"):
            Membership(department, team, DAY)

    @given(people(), person_ids(), days())
    def test_nothing_changes_in_place(self, someone: Person, other: PersonId, day: date) -> None:
        """A change makes another person value and leaves this one as it was."""
        before = evolve(someone)
        someone.joining("Sales", "North", since=day)
        someone.without_partner()
        if other != someone.id:
            someone.reporting_to(other, since=day)
            someone.with_partner(other, since=day)
        assert someone == before
        frozen: list[Any] = [someone, *someone.reporting_lines, *someone.memberships, ONLY_ME]
        for value in frozen:
            with pytest.raises(exceptions.FrozenInstanceError):
                value.id = "other"


def comes_back(start: str, manager_of: dict[str, str]) -> bool:
    """Tell by walking up, at most as often as there are people, whether someone's chain comes back to them."""
    at = start
    for _ in manager_of:
        if at not in manager_of:
            return False
        at = manager_of[at]
        if at == start:
            return True
    return False


class TestLoops:
    """Chains of managers that come back to themselves."""

    @given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefghx")))
    def test_exactly_those_in_a_loop_are_found(self, manager_of: dict[str, str]) -> None:
        """Someone is in a loop when walking up from them comes back to them; who only leads into one is not."""
        assert managers_in_a_loop(manager_of) == {name for name in manager_of if comes_back(name, manager_of)}

    def test_a_long_chain_is_no_loop_and_takes_no_time(self) -> None:
        """A hundred thousand people in one line are walked over once."""
        assert managers_in_a_loop({str(n): str(n + 1) for n in range(100_000)}) == frozenset()

    def test_who_manages_themselves_is_in_a_loop(self) -> None:
        """The smallest loop has one person."""
        assert managers_in_a_loop({"a": "a", "b": "a"}) == {"a"}
