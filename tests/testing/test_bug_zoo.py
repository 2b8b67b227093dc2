"""The contract sees: each wrong store of the zoo breaks the law that was written for it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
from counting import one_call_fails
from hypothesis import Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from ownership.ports.adapters import Kind
from ownership.ports.storage import Store
from ownership.testing import StoreContract, bug_zoo
from ownership.testing.bug_zoo import ANIMALS, Animal
from ownership.testing.efforts import QUICK, Effort, effort_asked_for
from ownership.testing.stores.history import Machine
from ownership.testing.stores.joining import Host

SLOW = {"STO-060", "STO-081", "STO-082", "STO-083", "STO-084"}
"""Laws that try a wrong store of theirs only: any history finds nearly everything, and the others take their time."""

SEEDS = 20
"""With how many seeds a history must find what it is for."""

BY_CHANCE = {"STO-074", "STO-075", "STO-076"}
"""Laws about races: whether they see another's fault depends on who comes first."""


class Unshrunk(Effort):
    """An effort whose examples stay as they were found: here nobody reads them."""

    def settings(self) -> settings:
        """Give the settings without making small."""
        return settings(super().settings(), phases=[Phase.generate])


def zoo_of(animal: Animal) -> StoreContract:
    """Make the contract of one animal."""

    class Zoo(StoreContract):
        plugins: ClassVar = (bug_zoo,)
        effort: ClassVar[Effort] = Unshrunk(*QUICK._replace(races=20, kills=60, orders=6))

        @contextmanager
        def fresh(self) -> Iterator[str]:
            with tempfile.TemporaryDirectory() as folder:
                self.folder = Path(folder)
                yield f"{animal.scheme}:" + (f"?file={folder}/store.db" if animal.is_kept_in_a_file else "")

        @contextmanager
        def host(self, url: str) -> Iterator[Host]:
            assert "file" in url
            with closing(sqlite3.connect(self.folder / "store.db", isolation_level=None)) as own:
                yield Host(own, lambda: own.execute("BEGIN"), own.commit, own.rollback)

        @contextmanager
        def failing(self, url: str, nth: int) -> Iterator[Store]:
            with closing(self._registry().open(Kind.STORAGE, url)) as store, one_call_fails(store.inner, nth):
                yield store

        def raw_files(self, url: str) -> Iterable[Path]:
            return self.folder.iterdir() if "file" in url else super().raw_files(url)

    return Zoo()


def broken_by(animal: Animal, law: str) -> str:
    """Try one law, and give what pytest would show of it when it is broken."""
    contract = zoo_of(animal)
    try:
        getattr(contract, contract.trials()[law])()
    except pytest.skip.Exception:
        return ""
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - whatever a wrong store comes to
        return "\n".join(error.__notes__)
    return ""


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_each_animal_breaks_the_law_that_was_written_for_it(animal: Animal) -> None:
    """A wrong store breaks its law, and pytest shows the law, why it matters and how to try it again."""
    told = broken_by(animal, animal.law)
    law = StoreContract.laws()[animal.law]
    assert f"{law.id} (level 1): {law.sentence}" in told
    assert law.why in told
    assert f"pytest -k {law.id.lower().replace('-', '_')}" in told


@pytest.mark.skipif(effort_asked_for() is QUICK and "ZOO" not in os.environ, reason="not claimed: the fast run is fast")
@pytest.mark.parametrize("animal", [a for a in ANIMALS if a.law != "STO-004"], ids=lambda animal: animal.name)
def test_each_animal_breaks_no_other_law(animal: Animal) -> None:
    """A wrong store keeps all other laws, but for those that it says cannot but see it too."""
    others = StoreContract.laws().keys() - SLOW - BY_CHANCE - {animal.law}
    broken: Mapping[str, str] = {law: told for law in sorted(others) if (told := broken_by(animal, law))}
    assert broken.keys() == animal.also, broken


def test_every_law_has_an_animal() -> None:
    """Each law has a wrong store of its own."""
    assert StoreContract.laws().keys() == {animal.law for animal in ANIMALS}


@pytest.mark.parametrize("animal", [a for a in ANIMALS if a.law == "STO-060"], ids=lambda animal: animal.name)
def test_it_is_no_luck_that_a_history_finds_them(animal: Animal) -> None:
    """Whatever the seed, the histories of the quick profile find what only they can find."""
    contract = zoo_of(animal)
    quick = settings(contract.effort.settings(), derandomize=False)
    for number in range(SEEDS):
        histories = seed(number)(get_state_machine_test(partial(Machine, contract), settings=quick))  # type: ignore[arg-type]
        with pytest.raises(AssertionError):
            histories()
