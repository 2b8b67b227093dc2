"""The register of processing: worked out from what classes and fields say, and laid beside the one that was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import pytest
from attrs import evolve, field, frozen

from ownership.domain.classification import (
    GROUP_FIGURES,
    OTHER_PERSON,
    OWN_FACTS,
    OWN_WORDS,
    PREPARED_WORDS,
    RECORD_ID,
    Holder,
    Keeping,
    Purpose,
    Reader,
    Retention,
    Term,
)
from ownership.domain.register import (
    Drift,
    DriftKind,
    Register,
    RegisteredAdapter,
    RegisteredField,
    RegisteredRecord,
    register_of,
)


@frozen
class Draft:
    """Part of a letter."""

    text: str = field(metadata=PREPARED_WORDS)


@frozen
class Letter:
    """What somebody sends, and can share."""

    keeping: ClassVar[Keeping] = Keeping(
        Purpose.TALK, (Reader.NAMED, Reader.PARTNER), term=Term.MESSAGES, since="sent_on", shows=("text",)
    )

    id: str = field(metadata=RECORD_ID)
    text: str = field(metadata=OWN_WORDS)
    to_id: str = field(metadata=OTHER_PERSON)
    drafts: tuple[Draft, ...] = ()
    shared_on: date | None = field(default=None, metadata=OWN_FACTS)


@frozen
class Tally:
    """What the organisation counts."""

    keeping: ClassVar[Keeping] = Keeping(Purpose.LISTEN, (Reader.PUBLISHED,), Holder.ORGANISATION)

    count: int = field(metadata=GROUP_FIGURES)


@frozen
class Secretive:
    """What says nothing of itself."""

    colour: str = ""


SMTP = RegisteredAdapter("channel.smtp", "sends messages", ("person.email",))
AGREED = register_of({"letter": Letter, "tally": Tally}, Retention(), {"channels": "smtp"}, [SMTP])
LETTER, TALLY = AGREED.records


class TestRegister:
    def test_a_kind_of_record_says_all_that_its_class_says(self) -> None:
        """What for, whose, who reads which fields, whether it can be shared, and which terms end it."""
        assert evolve(LETTER, fields=()) == RegisteredRecord(
            "letter",
            purpose="talk",
            holder="person",
            readers=("named", "partner"),
            shows=("text",),
            sharing="no",
            terms=("after_leaving", "messages"),
            since="sent_on",
        )

    def test_what_is_the_organisations_has_no_term_after_leaving(self) -> None:
        """The organisation does not leave; without a term of its own such a record is kept as long as it is used."""
        assert (TALLY.holder, TALLY.terms, TALLY.sharing) == ("organisation", (), "no")

    def test_a_class_says_whether_its_owner_shares_it(self) -> None:
        """With whom she likes, with those it is for, or not at all."""

        @frozen
        class Song(Letter):
            keeping: ClassVar[Keeping] = Keeping(Purpose.TALK)

        @frozen
        class Poem(Song):
            def with_audience(self) -> Poem:
                return self

        register = register_of({"letter": Letter, "song": Song, "poem": Poem, "tally": Tally}, Retention(), {})
        assert [record.sharing for record in register.records] == ["no", "offered", "chosen", "no"]

    def test_a_field_says_what_its_class_means(self) -> None:
        """Also a field inside a part of the record, by its path."""
        assert LETTER.fields == (
            RegisteredField("id", "record_id", "nobody", "yes", "replaced"),
            RegisteredField("text", "own_words", "owner", "yes", "untouched"),
            RegisteredField("to_id", "other_person", "named", "yes", "replaced"),
            RegisteredField("drafts.text", "prepared_words", "author", "once_shown", "stays_once_shown"),
            RegisteredField("shared_on", "own_facts", "owner", "yes", "untouched"),
        )

    @pytest.mark.parametrize("term", Term)
    def test_the_days_of_every_term_are_a_setting(self, term: Term) -> None:
        """So a term that a host shortens is one difference, not one for each record that it ends."""
        assert AGREED.days_of(term) == Retention().days_of(term)
        assert AGREED.settings[f"retention.{term}"] == str(Retention().days_of(term))
        assert AGREED.settings["channels"] == "smtp"

    def test_what_says_nothing_is_named(self) -> None:
        """A class, a field and an adapter that do not say what they are stand there as such; the others do not."""
        register = register_of(
            {"letter": Letter, "secret": Secretive}, Retention(), {}, [RegisteredAdapter("channel.x")]
        )
        assert register.gaps == ("secret", "secret.colour", "channel.x")
        assert AGREED.gaps == ()


def with_letter(**changes: Any) -> Register:
    """Give the agreed register with another letter."""
    return evolve(AGREED, records=(evolve(LETTER, **changes), TALLY))


def with_text(**changes: Any) -> Register:
    """Give the agreed register with another field in its letter."""
    first, text, *others = LETTER.fields
    return with_letter(fields=(first, evolve(text, **changes), *others))


def with_settings(change: Callable[[dict[str, str]], object]) -> Register:
    """Give the agreed register with other settings."""
    settings = dict(AGREED.settings)
    change(settings)
    return evolve(AGREED, settings=settings)


CHANGES = [
    (with_letter(purpose="lead"), "letter", "purpose", "talk", "lead"),
    (with_letter(holder="either"), "letter", "holder", "person", "either"),
    (with_letter(readers=("everyone",)), "letter", "readers", "named, partner", "everyone"),
    (with_letter(shows=()), "letter", "shows", "text", ""),
    (with_letter(sharing="chosen"), "letter", "sharing", "no", "chosen"),
    (with_letter(terms=("messages",)), "letter", "terms", "after_leaving, messages", "messages"),
    (with_letter(since="read_on"), "letter", "since", "sent_on", "read_on"),
    (with_text(field_class="own_facts"), "letter.text", "field_class", "own_words", "own_facts"),
    (with_text(whose="author"), "letter.text", "whose", "owner", "author"),
    (with_text(exported="no"), "letter.text", "exported", "yes", "no"),
    (with_text(on_erasure="stays"), "letter.text", "on_erasure", "untouched", "stays"),
    (with_settings(lambda s: s.update({"retention.looks": "400"})), "retention.looks", "value", "1095", "400"),
    (evolve(AGREED, adapters=(evolve(SMTP, egress=()),)), "channel.smtp", "egress", "person.email", ""),
    (evolve(AGREED, adapters=(evolve(SMTP, egress=None),)), "channel.smtp", "egress", "person.email", "unsaid"),
]
COMINGS = [
    (with_letter(fields=LETTER.fields[1:]), "letter.id"),
    (evolve(AGREED, records=(LETTER,)), "tally"),
    (with_settings(lambda s: s.pop("channels")), "channels"),
    (evolve(AGREED, adapters=()), "channel.smtp"),
]


class TestDrift:
    def test_a_register_does_not_differ_from_itself(self) -> None:
        """Also not when it was worked out anew, or stands in another order."""
        assert AGREED.drift_from(AGREED) == ()
        assert evolve(AGREED, records=(TALLY, LETTER)).drift_from(AGREED) == ()

    @pytest.mark.parametrize(
        ("now", "subject", "respect", "agreed", "is_now"), CHANGES, ids=lambda each: str(each)[:20]
    )
    def test_whatever_changed_is_one_difference(
        self, now: Register, subject: str, respect: str, agreed: str, is_now: str
    ) -> None:
        """Every respect of a record, a field, a setting and an adapter is told, with how it was and is."""
        assert now.drift_from(AGREED) == (Drift(DriftKind.CHANGED, subject, respect, agreed, is_now),)

    @pytest.mark.parametrize(("less", "subject"), COMINGS, ids=[subject for _, subject in COMINGS])
    def test_what_comes_and_goes_is_one_difference(self, less: Register, subject: str) -> None:
        """A record, a field, a setting or an adapter that is gone or new is told once, not for each of its parts."""
        assert less.drift_from(AGREED) == (Drift(DriftKind.REMOVED, subject),)
        assert AGREED.drift_from(less) == (Drift(DriftKind.ADDED, subject),)

    def test_every_respect_is_tried(self) -> None:
        """No respect of a register is left out of the table above."""
        assert {respect for _, _, respect, _, _ in CHANGES} == {
            "purpose", "holder", "readers", "shows", "sharing", "terms", "since",
            "field_class", "whose", "exported", "on_erasure", "value", "egress",
        }  # fmt: skip
