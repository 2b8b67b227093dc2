"""Classification: each stored field says what it is, and each stored class what it is for and how long it is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar

import pytest
from attrs import field, fields, frozen

from ownership.domain.classification import (
    MEANINGS,
    OTHER_PERSON,
    OWN_WORDS,
    RECORD_ID,
    ClassifiedField,
    FieldClass,
    Keeping,
    Purpose,
    Reader,
    Retention,
    Term,
    class_of_field,
    classified_fields,
    gaps,
)
from ownership.errors import InvalidInput

LEFT_ON = date(2026, 3, 1)


@frozen
class Page:
    """Part of a record."""

    by_id: str = field(metadata=OTHER_PERSON)
    text: str = field(metadata=OWN_WORDS)


@frozen
class Notebook:
    """A record that says everything."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.DEVELOP, term=Term.MESSAGES, since="begun_at")

    id: str = field(metadata=RECORD_ID)
    pages: tuple[Page, ...] = ()
    begun_at: datetime | date | None = field(default=None, metadata=RECORD_ID)


@frozen
class Silent:
    """A record that says nothing."""

    colour: str = ""
    page: Page | None = None


class TestFields:
    def test_every_class_says_what_it_means(self) -> None:
        """There is a meaning for each class of field, and for nothing else."""
        assert set(MEANINGS) == set(FieldClass)

    def test_a_field_says_its_class(self) -> None:
        """What a field says can be asked of the field."""
        assert class_of_field(fields(Page).text) is FieldClass.OWN_WORDS
        assert class_of_field(fields(Silent).colour) is None

    def test_the_parts_of_a_record_say_what_they_are(self) -> None:
        """A field that holds values of our own is what its parts are, by their paths."""
        assert list(classified_fields(Notebook)) == [
            ClassifiedField("id", FieldClass.RECORD_ID),
            ClassifiedField("pages.by_id", FieldClass.OTHER_PERSON),
            ClassifiedField("pages.text", FieldClass.OWN_WORDS),
            ClassifiedField("begun_at", FieldClass.RECORD_ID),
        ]

    def test_what_is_left_unsaid_is_named(self) -> None:
        """A class that says not all is told so by the names of itself and its fields."""
        assert gaps(Silent) == ("Silent.keeping", "Silent.colour")
        assert gaps(Notebook) == ()


class TestKeeping:
    def test_what_is_hers_ends_some_time_after_her_last_day(self) -> None:
        """As long as she works here it is kept; then the term after leaving runs."""
        keeping = Keeping(Purpose.DEVELOP)
        assert keeping.kept_until(Notebook("n1"), None, Retention()) is None
        assert keeping.kept_until(Notebook("n1"), LEFT_ON, Retention(after_leaving=30)) == date(2026, 3, 31)

    @pytest.mark.parametrize("begun", [date(2025, 1, 1), datetime(2025, 1, 1, 23, tzinfo=UTC)])
    def test_a_term_of_its_own_counts_from_a_day_of_the_record(self, begun: date) -> None:
        """Whichever ends first counts, from a day or from the day of an instant."""
        notebook = Notebook("n1", begun_at=begun)
        assert Notebook.keeping.kept_until(notebook, None, Retention(messages=10)) == date(2025, 1, 11)
        assert Notebook.keeping.kept_until(notebook, date(2024, 11, 1), Retention(messages=300)) == date(2025, 1, 30)

    def test_a_term_that_has_not_begun_does_not_end(self) -> None:
        """Without the day from which it counts, only leaving ends it."""
        assert Notebook.keeping.kept_until(Notebook("n1"), None, Retention()) is None

    def test_a_keeping_says_who_reads(self) -> None:
        """To say of nobody who reads it is no answer: nobody is one."""
        with pytest.raises(InvalidInput, match=r"keeping\.readers"):
            Keeping(Purpose.DEVELOP, ())
        assert Keeping(Purpose.DEVELOP).readers == (Reader.NOBODY,)

    def test_a_term_and_its_day_come_together(self) -> None:
        """A term without a day to count from would never end, and a day without a term means nothing."""
        for term, since in ((Term.LOOKS, ""), (None, "at")):
            with pytest.raises(InvalidInput, match=r"keeping\.since"):
                Keeping(Purpose.ACCOUNT, term=term, since=since)


class TestRetention:
    @pytest.mark.parametrize("term", Term)
    def test_every_term_is_a_setting(self, term: Term) -> None:
        """A term without a setting could not be applied."""
        assert Retention().days_of(term) > 0

    @pytest.mark.parametrize("term", Term)
    @pytest.mark.parametrize("days", [0, 10_000])
    def test_a_term_has_bounds(self, term: Term, days: int) -> None:
        """A host can shorten and lengthen a term within bounds, and is told which they are."""
        with pytest.raises(InvalidInput, match=rf"retention\.{term}.* is not a whole number from \d+ to \d+"):
            Retention(**{term: days})
