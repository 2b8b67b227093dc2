"""Nothing is stored of which is not said what it is: whose, what for, how long, and what erasure does to it."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import given

from ownership import testing
from ownership.domain.budgets import NOTHING
from ownership.domain.classification import FieldClass, Holder, Reader, classified_fields, gaps
from ownership.domain.learning import LearningChoice
from ownership.domain.suggestions import GoalSuggestion
from ownership.ports.storage import Entry
from ownership.workspace.records import SHELVES

STORED = (*SHELVES, Entry)


@pytest.mark.parametrize("cls", STORED, ids=lambda cls: cls.__name__)
class TestStored:
    def test_every_field_says_what_it_is(self, cls: type[Any]) -> None:
        """A field without a class, or a class without its keeping, is named."""
        assert gaps(cls) == ()

    def test_its_term_counts_from_a_day_that_it_has(self, cls: type[Any]) -> None:
        """The day from which a term counts, and what its readers see, are fields of the class."""
        names = {attribute.name for attribute in fields(cls)}
        assert {cls.keeping.since, *cls.keeping.shows} - {""} <= names

    def test_who_writes_is_told_apart(self, cls: type[Any]) -> None:
        """Where one writes for another, or prepares, there is a field that says who: so erasure can find the author."""
        classes = {found.field_class for found in classified_fields(cls)}
        if classes & {FieldClass.WORDS_FOR_ANOTHER, FieldClass.PREPARED_WORDS}:
            assert FieldClass.OTHER_PERSON in classes


@pytest.mark.parametrize("cls", SHELVES, ids=lambda cls: cls.__name__)
def test_what_nobody_owns_holds_no_words_of_people(cls: type[Any]) -> None:
    """The organisation's own records are no place for what somebody wrote of herself."""
    if cls.keeping.holder is Holder.ORGANISATION:
        classes = {found.field_class for found in classified_fields(cls)}
        assert not classes & {FieldClass.WORDS_FOR_ANOTHER, FieldClass.PREPARED_WORDS, FieldClass.IDENTITY}


@pytest.mark.parametrize("cls", [cls for cls in SHELVES if hasattr(cls, "with_audience")], ids=lambda cls: cls.__name__)
def test_what_she_shares_is_read_by_nobody_before_she_does(cls: type[Any]) -> None:
    """A class whose values an owner shares says as its default reader what its default audience says."""
    audience = next(attribute for attribute in fields(cls) if attribute.name == "audience").default
    assert (Reader.NOBODY in cls.keeping.readers or Reader.NAMED in cls.keeping.readers) is audience.is_private


@given(testing.choices())
def test_of_a_shared_choice_others_read_what_it_says(choice: LearningChoice) -> None:
    """What stays hers also when she shares a choice is not among the fields that it says it shows."""
    seen = choice.seen_by_others()
    kept_back = {each.name for each in fields(LearningChoice) if each.name not in LearningChoice.keeping.shows}
    assert kept_back == {"goal_id", "was_real", "cost", "request_id", "instead_of_id", "version"}
    assert seen == evolve(
        choice, was_real=None, cost=NOTHING, request_id=None, instead_of_id=None, goal_id=None, version=0
    )


@given(testing.suggestions())
def test_of_a_suggestion_its_author_reads_what_it_says(suggestion: GoalSuggestion) -> None:
    """Its author reads his own words, and not what became of them."""
    seen = suggestion.as_written()
    told = {each.name: getattr(seen, each.name) for each in fields(type(seen)) if each.name != "is_waiting"}
    told["owner_id"] = told.pop("receiver_id")
    assert told == {name: getattr(suggestion, name) for name in GoalSuggestion.keeping.shows}
