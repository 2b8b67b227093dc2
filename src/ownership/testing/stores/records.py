"""Laws about records: what is put is got, found by its keys, replaced by the next version, and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from attrs import evolve

from ownership.errors import Conflict, InvalidInput
from ownership.ports.storage import Record, Store, owner_of
from ownership.testing.laws import law
from ownership.testing.stores.place import StoreLaws
from ownership.testing.stores.vocabulary import (
    AWKWARD,
    HALF,
    NOON,
    NUL,
    entry,
    found,
    in_unit,
    owned,
    read,
    record,
    remove,
    snapshot,
    told,
    write,
)


def refused(store: Store, *records: Record, id_: str = "p.g1") -> None:
    """Put records in a unit that wrote other things before, and see it refused with nothing written."""
    before = snapshot(store)

    def attempt() -> None:
        with store.writing("acme") as unit:
            unit.put([record("z.g1", body="written before")])
            unit.remove("goals", ["p.g2"])
            unit.emit([entry("e9")])
            unit.put(records)

    with pytest.raises(Conflict) as caught:
        attempt()
    assert (caught.value.noun, caught.value.id) == ("goals", id_)
    assert snapshot(store) == before


class Records(StoreLaws):
    """Examples, with awkward data, of what a store does with records."""

    @law(
        "STO-010",
        why="Everything that people write is kept as records; one changed letter is somebody else's sentence.",
        causes=("the text is parsed and written anew", "an encoding other than UTF-8", "numbers are stored as text"),
    )
    def test_sto_010_get_gives_what_was_put(self) -> None:
        """A record is read as it was put: collection, id, version and body."""
        with self.opened() as store:
            write(store, record("p.g1", body='{"b": 1.0,  "a":"x"}', status="open"))
            with store.reading("acme") as unit:
                assert told(unit.get("goals", ["p.g1"])) == [Record("goals", "p.g1", 1, '{"b": 1.0,  "a":"x"}')]

    @law(
        "STO-011",
        why="A page asks for all that it shows in one call, and lays its answers beside its questions.",
        causes=("a limit on the variables of a statement", "ids asked for twice come twice", "no ORDER BY"),
    )
    def test_sto_011_get_gives_those_that_are_there(self) -> None:
        """Of the ids asked for, those that are there come once each and in order, however many are asked for."""
        ids = [f"p{number % 7}.g{number:04}" for number in range(1_100)]
        with self.opened() as store:
            write(store, *map(record, ids))
            assert [id_ for id_, _, _ in read(store, *reversed(ids), "p1.nobody", *ids)] == sorted(ids)
            assert read(store) == read(store, "p1.nobody") == []

    @law(
        "STO-012",
        why="A person and her record in another collection can have the same id.",
        causes=("the collection is no part of the primary key",),
    )
    def test_sto_012_collections_are_apart(self) -> None:
        """The same id in two collections is two records, and removing one leaves the other."""
        with self.opened() as store:
            write(store, record("p", body="goal", team="blue"), record("p", body="person", collection="people"))
            assert read(store, "p") == [("p", 1, "goal")]
            assert read(store, "p", collection="people") == [("p", 1, "person")]
            assert found(store, "team", equals="blue", collection="people") == []
            remove(store, "p")
            assert read(store, "p", collection="people") == [("p", 1, "person")]

    @law(
        "STO-013",
        why="An overview, an export and an erasure are all of one person's records and nobody else's.",
        causes=("the owner is compared as a prefix of the id", "a collation without case", "no ORDER BY"),
    )
    def test_sto_013_owned_gives_all_of_one_owner(self) -> None:
        """All of one owner's records come in the order of (collection, id), though her id begins another's."""
        mine = [record("p", collection="people"), record("p.g2"), record("p.g1"), record("p.f1", collection="feedback")]
        others = [record(id_) for id_ in ("p1.g1", "P.g1", "o.p", "pp", "p .g1")]
        with self.opened() as store:
            write(store, *mine, record("p.k1", collection="check_ins"), *others, record("p1", collection="people"))
            asked = ["people", "goals", "feedback", "goals"]
            assert owned(store, "p", *asked) == [
                ("feedback", "p.f1"),
                ("goals", "p.g1"),
                ("goals", "p.g2"),
                ("people", "p"),
            ]
            assert owned(store, "p1", "goals") == [("goals", "p1.g1")]
            assert owned(store, "p") == owned(store, "nobody", "goals") == owned(store, "p.", "goals") == []

    @law(
        "STO-014",
        why="Pages go on after the last id that they showed; in another order they skip or repeat.",
        causes=("a collation of the language instead of code points", "UTF-16 order, which puts emoji below U+FFFF"),
    )
    def test_sto_014_find_gives_all_in_order_of_code_points(self) -> None:
        """Without a key all records of the collection come, in the order of their ids by code points."""
        ids = ["p.g1", "p.g10", "p.g2", "P.g1", "é.g1", "\uffff.g1", "\U0001f600.g1", "p", "p1.g1", "p.g1 ", "p.g_1"]
        with self.opened() as store:
            write(store, *map(record, ids), record("p.f1", collection="feedback"))
            assert found(store) == sorted(ids)

    @law(
        "STO-015",
        why="A key decides who is asked, reminded and shown; a near match is the wrong person.",
        causes=("a collation without case", "CHAR columns that trim spaces", "an empty text stored as NULL"),
    )
    def test_sto_015_find_by_exactly_the_value(self) -> None:
        """With ``equals`` those come whose key has exactly the value, an empty one too, in the order of ids."""
        with self.opened() as store:
            write(
                store,
                record("p3.g1", status="open"),
                record("p1.g1", status="open"),
                record("p2.g1", status="Open"),
                record("p4.g1", status="open "),
                record("p5.g1", team="open"),
                record("p6.g1"),
                record("p7.g1", status="open", collection="cycles"),
                record("p8.g1", status=""),
            )
            assert found(store, "status", equals="open") == ["p1.g1", "p3.g1"]
            assert found(store, "status", equals="") == ["p8.g1"]
            assert found(store, "nokey", equals="open") == found(store, "team", equals="") == []

    @law(
        "STO-016",
        why="What is over is found by a day before today; the order of days is that of their text.",
        causes=("the value is compared as a number or a date", "a collation", "results in the order of the values"),
    )
    def test_sto_016_find_below_a_value(self) -> None:
        """With ``before`` those come whose key is below the value by code points, in the order of their ids."""
        days = {"p1.g1": "2026-03-01", "p2.g1": "2026-01-31", "p3.g1": "2026-02-01", "p4.g1": "2025-12-31"}
        with self.opened() as store:
            write(store, *(record(id_, open_until=day) for id_, day in days.items()), record("p5.g1"))
            write(store, record("p6.g1", open_until="2026-02"), record("p7.g1", status="0"))
            assert found(store, "open_until", before="2026-02-01") == ["p2.g1", "p4.g1", "p6.g1"]
            assert found(store, "open_until", before="2025") == []
            write(store, *(record(f"q{n}.g1", team=t) for n, t in enumerate(("\uffff", "\U0001f600", "Z", "", "10"))))
            assert found(store, "team", before="\U0001f600") == ["q0.g1", "q2.g1", "q3.g1", "q4.g1"]
            assert found(store, "team", before="a") == ["q2.g1", "q3.g1", "q4.g1"]
            assert found(store, "team", before="9") == ["q3.g1", "q4.g1"]

    @law(
        "STO-017",
        why="Long lists are read in pages; each record must be on exactly one.",
        causes=("after_id is taken as >= instead of >", "the limit counts keys and not records", "limit=0 means all"),
    )
    def test_sto_017_pages_make_up_the_whole(self) -> None:
        """With ``after_id`` only greater ids come, with ``limit`` at most so many, and pages make up the whole."""
        ids = [f"p{number:02}.g1" for number in range(23)]
        with self.opened() as store:
            write(store, *(record(id_, status="open") for id_ in ids))
            for find in (
                partial(found, store),
                partial(found, store, "status", equals="open"),
                partial(found, store, "status", before="p"),
            ):
                _pages_make_up(ids, find)

    @law(
        "STO-018",
        why="A goal has several supporters; each of them looks for it.",
        causes=(
            "one column per key",
            "a join that repeats the record for each value",
            "a value given twice is refused",
        ),
    )
    def test_sto_018_find_by_a_key_of_many_values(self) -> None:
        """A record whose key has several values is found by each of them, and once by a range that holds several."""
        many = Record(
            "goals", "p.g1", 1, "{}", (("partner", "a"), ("partner", "b"), ("partner", "z"), ("partner", "b"))
        )
        with self.opened() as store:
            write(store, many, record("q.g1", partner="b"))
            assert found(store, "partner", equals="a") == found(store, "partner", equals="z") == ["p.g1"]
            assert found(store, "partner", equals="b") == found(store, "partner", before="c") == ["p.g1", "q.g1"]
            assert found(store, "partner", before="c", limit=1) == ["p.g1"]

    @law(
        "STO-019",
        why="Who is no longer a partner must no longer find the talk.",
        causes=("keys are added and never taken away", "keys are left when their record is removed"),
    )
    def test_sto_019_keys_follow_their_record(self) -> None:
        """A record is found by the keys of its present version only, and by none after it was removed."""
        with self.opened() as store:
            write(store, record("p.g1", status="draft", team="blue"))
            write(store, record("p.g1", 2, status="open"))
            assert found(store, "status", equals="draft") == found(store, "team", before="z") == []
            assert found(store, "status", equals="open") == ["p.g1"]
            write(store, record("p.g1", 3))
            assert found(store, "status", before="z") == []
            write(store, record("p.g1", 4, status="open"))
            remove(store, "p.g1")
            assert found(store, "status", equals="open") == found(store) == []

    @law(
        "STO-020",
        why="Two people who change the same thing must not silently overwrite each other.",
        causes=("an upsert without looking at the version", "the version is compared with >= instead of =="),
    )
    def test_sto_020_put_over_another_version_is_a_conflict(self) -> None:
        """Over any version but the one before its own, a record is a conflict, and nothing of the unit is written."""
        with self.opened() as store:
            write(
                store, record("p.g2", team="blue"), *(record("p.g1", number, status=f"v{number}") for number in (1, 2))
            )
            for version in (1, 2, 4, 5, 0, -1):
                refused(store, record("a.g1"), record("p.g1", version, status="open"), record("b.g1"))
            write(store, record("p.g1", 3, body="next"))
            assert read(store, "p.g1") == [("p.g1", 3, "next")]

    @law(
        "STO-021",
        why="A change to what was removed meanwhile must not bring it back: it may have been erased.",
        causes=("an update that inserts what it does not find", "a tombstone that keeps the old version"),
    )
    def test_sto_021_a_record_begins_at_version_one(self) -> None:
        """A record that is not there begins with version 1; any other is a conflict, also after it was removed."""
        with self.opened() as store:
            write(store, record("p.g2"))
            for version in (0, 2, 3):
                refused(store, record("p.g1", version))
            write(store, record("p.g1"))
            remove(store, "p.g1")
            for version in (0, 2, 3):
                refused(store, record("p.g1", version))

    @law(
        "STO-022",
        why="A use case that changes a thing twice hands both to one call.",
        causes=("all inserts go before all updates", "the last one wins and the first is not looked at"),
    )
    def test_sto_022_one_record_twice_in_one_go(self) -> None:
        """A record put twice in one go goes over the one before it, and is a conflict when it does not follow it."""
        first, second = record("p.g1", 1, "a", status="a", team="x"), record("p.g1", 2, "b", status="b", team="x")
        with self.opened() as store:
            write(store, record("p.g2"))
            for versions in ((2, 1), (1, 1), (1, 3)):
                refused(store, *(record("p.g1", version) for version in versions))
            write(store, first, record("q.g1"), second)
            write(store, record("p.g1", 3, "c", status="c"), record("p.g1", 4, "d", status="d"), record("r.g1"))
            assert read(store, "p.g1", "q.g1", "r.g1") == [("p.g1", 4, "d"), ("q.g1", 1, "{}"), ("r.g1", 1, "{}")]
            assert found(store, "status", before="z") == found(store, "status", equals="d") == ["p.g1"]
            assert found(store, "team", before="z") == []

    @law(
        "STO-023",
        why="What a person removes is gone, and what she did not remove stays.",
        causes=(
            "a mark instead of a removal",
            "an error when there is nothing to remove",
            "LIKE instead of =",
            "only as many as a statement takes variables",
        ),
    )
    def test_sto_023_remove(self) -> None:
        """What is removed is gone from everywhere, however many; removing nothing does nothing; ids can begin again."""
        with self.opened() as store:
            write(store, record("p.g1", 1, "old", status="open"), record("p.g2"), record("p.g1", collection="people"))
            remove(store, "p.g1", "p.g1", "nobody.g1", "p.g%", "p")
            in_unit(store, lambda unit: unit.remove("nothing", ["p.g2"]))
            assert read(store, "p.g1") == []
            assert found(store, "status", equals="open") == []
            assert found(store) == ["p.g2"]
            assert owned(store, "p", "goals", "people") == [("goals", "p.g2"), ("people", "p.g1")]
            write(store, record("p.g1", 1, "new"))
            assert read(store, "p.g1") == [("p.g1", 1, "new")]
            many = [f"p{number:04}.g1" for number in range(2_100)]
            write(store, *(record(id_, status="open") for id_ in many))
            remove(store, *many[:-1], *many[:9])
            assert found(store, "status", equals="open") == found(store, after_id="p.g2") == many[-1:]

    @law(
        "STO-024",
        why="Several organisations share a store; what one of them writes is no business of another.",
        causes=("the tenant is missing in one WHERE", "tenants compared without case or trailing spaces"),
    )
    def test_sto_024_tenants_are_apart(self) -> None:
        """Tenants with equal ids, twins but for a letter or a space, see and change only their own."""
        with self.opened() as store:
            for tenant in ("acme", "Acme", "acme ", "acm", "acmé"):
                write(store, record("p.g1", body=tenant, status="open"), tenant=tenant)
            write(store, record("p.g1", 2, body="changed", status="shut"), record("q.g1"), tenant="acme")
            remove(store, "p.g1", tenant="acme ")
            assert read(store, "p.g1", "q.g1") == [("p.g1", 2, "changed"), ("q.g1", 1, "{}")]
            assert read(store, "p.g1", tenant="acme ") == []
            assert owned(store, "p", "goals", tenant="acme ") == []
            assert found(store, "status", equals="open", tenant="acme ") == []
            for tenant in ("Acme", "acm", "acmé"):
                assert read(store, "p.g1", "q.g1", tenant=tenant) == [("p.g1", 1, tenant)]
                assert found(store, "status", equals="open", tenant=tenant) == found(store, tenant=tenant) == ["p.g1"]
                assert found(store, "status", before="z", tenant=tenant) == ["p.g1"]
                assert owned(store, "p", "goals", tenant=tenant) == [("goals", "p.g1")]

    @law(
        "STO-025",
        why="A forgotten tenant must not become a tenant of its own, in which everybody's forgotten things meet.",
        causes=("the empty text is a key like any other",),
    )
    def test_sto_025_an_empty_tenant_is_refused(self) -> None:
        """A unit or an outbox of a tenant without a name is refused as InvalidInput."""
        with self.opened() as store:
            with pytest.raises(InvalidInput), store.writing(""):
                pass
            with pytest.raises(InvalidInput), store.reading(""):
                pass
            with pytest.raises(InvalidInput):
                store.outbox("").pending("mail")

    @law(
        "STO-026",
        why="People write in every script there is, paste from everywhere, and write a lot.",
        causes=(
            "a column with a length, or a key that may only be so long",
            "normalising or trimming text",
            "an escape that is not undone",
        ),
    )
    def test_sto_026_awkward_texts_come_back_as_they_were(self) -> None:
        """Every awkward text is read as it was written: in bodies, ids, keys, tenants, topics and entries."""
        with self.opened() as store:
            for number, text in enumerate(AWKWARD.values()):
                _comes_back(store, number, text)

    @law(
        "STO-027",
        why="A key is compared, sorted and indexed, and each of these can lose a character.",
        causes=("an index on a prefix of the value", "a collation that ignores what it cannot print"),
    )
    def test_sto_027_awkward_texts_as_keys(self) -> None:
        """A record is found by exactly the text that its key has, however strange."""
        for text in AWKWARD.values():
            key = text[:400]
            with self.opened() as store:
                write(store, record("p.g1", team=key), record("q.g1", team=key + "x"), record("r.g1", team="x" + key))
                assert found(store, "team", equals=key) == ["p.g1"]
                assert found(store, "team", before=key + "x")[0] == "p.g1"

    @law(
        "STO-028",
        why="Half a character comes from a cut text; some stores would take it and none could give it on.",
        causes=(
            "the store keeps Python's own texts",
            "an encoder that replaces what it cannot encode by a question mark",
        ),
    )
    def test_sto_028_half_a_character_is_refused(self) -> None:
        """Text with a lone surrogate is refused as InvalidInput wherever it is given, and nothing is written."""
        with self.opened() as store:
            write(store, record("p.g1", team="blue"), entries=[entry("e1")])
            before = snapshot(store)
            for wrong in (record("q.g1", body=HALF), record(f"q.{HALF}"), record("q.g1", team=HALF)):
                with pytest.raises(InvalidInput) as caught:
                    write(store, record("a.g1"), wrong, entries=[entry("e2")])
                assert HALF not in str(caught.value)
            with pytest.raises(InvalidInput):
                write(store, record("a.g1"), entries=[entry("e2"), entry("e3", about=HALF)])
            with pytest.raises(InvalidInput), store.writing(HALF):
                pass  # the tenant is refused before anything can be written
            with pytest.raises(InvalidInput):
                store.outbox(HALF)
            assert snapshot(store) == before

    @law(
        "STO-029",
        why="NUL ends a text in many languages; what comes after it must not be lost in silence.",
        causes=("a driver in C cuts the text at NUL", "the database refuses it and the error is not translated"),
    )
    def test_sto_029_nul_is_kept_or_refused(self) -> None:
        """Text with a NUL is read as it was written, or refused as InvalidInput with nothing written."""
        with self.opened() as store:
            for number, wanted in enumerate(
                (record("p0.g1", body=NUL), record("p1.g1", team=NUL), record(f"p2.{NUL}"), record(f"{NUL}.g3"))
            ):
                try:
                    write(store, record(f"beside{number}.g1"), wanted)
                except InvalidInput:
                    assert read(store, f"beside{number}.g1") == []
                    continue
                assert read(store, wanted.id) == [(wanted.id, 1, wanted.body)]
                assert not wanted.keys or found(store, "team", equals=NUL) == [wanted.id]
                assert owned(store, owner_of(wanted.id), "goals") == [("goals", wanted.id)]

    @law(
        "STO-032",
        why="Nobody can think of every text that somebody will paste.",
        causes=("a character that the encoding, the driver or the column changes",),
    )
    def test_sto_032_any_text_comes_back_as_it_was(self) -> None:
        """Any text of any characters is read as it was written, as a body and as the value of a key."""
        random = Random(32)
        with self.opened() as store:
            for batch in range(0, self.effort.texts, 250):
                texts = {f"p{batch}.g{number:03}": _any_text(random) for number in range(250)}
                write(store, *(record(id_, body=text, team=text) for id_, text in texts.items()))
                assert {id_: text for id_, _, text in read(store, *texts)} == texts
                for id_ in random.sample(sorted(texts), 10):
                    assert id_ in found(store, "team", equals=texts[id_])

    @law(
        "STO-030",
        why="A use case reads a long list and changes what it reads, without keeping the list in memory.",
        causes=("one cursor for everything", "the stream sees its own changes and comes round again"),
    )
    def test_sto_030_a_stream_stands_writing(self) -> None:
        """Records can be written while they are streamed, and each of the stream comes once."""
        ids = [f"p{number:03}.g1" for number in range(300)]
        with self.opened() as store:
            write(store, *(record(id_, open_until="2026-01-01") for id_ in ids))
            for key, before in (("", None), ("open_until", "2028"), ("open_until", None)):
                with store.writing("acme") as unit:
                    seen = []
                    for each in unit.find("goals", key, before=before):
                        seen.append(each.id)
                        unit.put([record(each.id, each.version + 1, open_until="2027-01-01")])
                assert seen == ids
            assert {version for _, version, _ in read(store, *ids)} == {4}

    @law(
        "STO-031",
        why="A page that stops at the tenth line must not show the next page an old state.",
        causes=("the cursor of the first unit stays open on a connection that is used again",),
    )
    def test_sto_031_a_stream_left_half_read(self) -> None:
        """A stream that was not read to its end does not hold its state: the next unit sees what others wrote."""
        for key in ("", "status"):
            with self.opened() as store:
                write(store, *(record(f"p{number}.g1", status="open") for number in range(9)))
                with store.reading("acme") as unit:
                    stream = unit.find("goals", key, equals="open" if key else None)
                    next(stream)
                write(store, record("q.g1"))
                write(store, record("q.g1", 2, "seen"))
                assert read(store, "q.g1") == [("q.g1", 2, "seen")]
                del stream


def _any_text(random: Random) -> str:
    """Draw a text from all of Unicode but NUL and halves of characters, often from the same corner of it."""
    corners = (
        (1, 0x7F),
        (1, 0xFF),
        (0x300, 0x36F),
        (0x590, 0x6FF),
        (0x2000, 0x206F),
        (0xE000, 0xFFFF),
        (0x10000, 0x10FFFF),
    )
    low, high = random.choice(corners)
    return "".join(chr(random.randint(low, high)) for _ in range(random.randint(0, 40)))


def _pages_make_up(ids: list[str], find: Callable[..., list[str]]) -> None:
    pages: list[str] = []
    while page := find(after_id=pages[-1] if pages else "", limit=5):
        assert len(page) <= 5
        assert page[0] not in pages, "a page begins with what another had"
        pages += page
    assert pages == ids
    assert find(after_id="p21.g") == ["p21.g1", "p22.g1"]
    assert find(after_id="p22.g1") == find(limit=0) == []
    assert find(limit=1) == ids[:1]
    assert find(limit=1_000) == ids


def _comes_back(store: Store, number: int, text: str) -> None:
    """Write one text everywhere that a text can stand, and read it there."""
    key = text[:400]
    tenant, owner = f"t{key}", f"{owner_of(key)}p{number}"
    write(
        store, record(f"{owner}.{key}", body=text, team=key), tenant=tenant, entries=[entry(key, topic=key, about=key)]
    )
    with store.reading(tenant) as unit:
        assert told(unit.owned(owner, ["goals"])) == [record(f"{owner}.{key}", body=text)]
        assert [each.id for each in unit.find("goals", "team", equals=key)] == [f"{owner}.{key}"]
    assert read(store, f"{owner}.{key}", tenant=tenant) == [(f"{owner}.{key}", 1, text)]
    (got,) = store.outbox(tenant).claim(key, now=NOON, lease_until=NOON, limit=9)
    assert got == evolve(entry(key, topic=key, about=key), attempts=1)
    store.outbox(tenant).settle([key])
    assert store.outbox(tenant).pending(key) == 0
