"""The organisation's own catalogue: kept by an organiser, who does not see what is chosen from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ownership import IllegalMove, InvalidInput, NotAllowed, NotFound
from ownership.domain.learning import LearningKind, OptionStatus

if TYPE_CHECKING:
    from tests.workspace.conftest import World


def test_it_takes_the_role(world: World) -> None:
    """Nobody keeps the catalogue without the role of organiser."""
    ada = world.acting("ada")
    for call in (lambda: ada.catalogue.add("reading", title="x"), ada.catalogue.all, lambda: ada.catalogue.retire("x")):
        with pytest.raises(NotAllowed, match="organiser"):
            call()


def test_what_is_added_is_an_option_of_everyone(world: World) -> None:
    """An option of the organisation is on the menu like any of a catalogue, in her own language if it has it."""
    hr = world.acting("hr", roles={"organiser"})
    added = hr.catalogue.add(
        "internal_project",
        title="Rebuild the canteen",
        titles={"nl": "Verbouw de kantine"},
        descriptions={"nl": "Samen"},
        themes=["canteen"],
    )
    for name, title in (("ada", "Rebuild the canteen"), ("noor", "Verbouw de kantine"), ("hr", "Rebuild the canteen")):
        entry = world.acting(name).learning.options(theme="canteen")[0]
        assert (entry.option.id, entry.option.title, entry.option.owner_id) == (added.id, title, "")
        assert world.acting(name).learning.choose(added.id).title == title
    assert hr.catalogue.all() == (added,)
    world.work()
    assert world.sent() == {}


def test_it_is_another_kind_and_no_colleagues_offer(world: World) -> None:
    """Without a theme the menu explains it as another kind, and not as the offer of a colleague."""
    hr = world.acting("hr", roles={"organiser"})
    kinds = [kind for kind in LearningKind if kind is not LearningKind.OWN]
    added = [hr.catalogue.add(kind, title=f"Way {number}") for kind in kinds for number in range(20)]
    shown = [e for e in world.acting("ada").learning.options() if e.option.id in {option.id for option in added}]
    assert {entry.because for entry in shown} == {"another_kind"}


def test_retiring(world: World) -> None:
    """What is retired is on no menu; who chose it keeps the choice; it is retired once, and no colleague's offer is."""
    hr, ada = world.acting("hr", roles={"organiser"}), world.acting("ada")
    added, training = (
        hr.catalogue.add("reading", title="A book"),
        hr.catalogue.add("e_learning", title="Safely", is_mandatory=True),
    )
    chosen = ada.learning.choose(added.id)
    assert hr.catalogue.retire(added.id).status is OptionStatus.WITHDRAWN
    hr.catalogue.retire(training.id)
    assert ada.learning.mandatory() == ()
    with pytest.raises(NotFound):
        world.acting("liam").learning.choose(added.id)
    assert ada.learning.mine() == (chosen,)
    with pytest.raises(IllegalMove):
        hr.catalogue.retire(added.id)
    offer = ada.learning.offer("coaching", title="Talks")
    for absent in (offer.id, "coaching-by-a-colleague", "", "organisation.o000"):
        with pytest.raises(NotFound):
            hr.catalogue.retire(absent)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "own"},
        {"kind": "nothing"},
        {"title": ""},
        {"titles": {"nl": ""}},
        {"descriptions": {"nl": "\x00"}},
        {"themes": "craft"},
        {"hours": -1},
        {"is_mandatory": "yes"},
    ],
    ids=repr,
)
def test_bad_option(world: World, wrong: dict[str, Any]) -> None:
    """An option that cannot be kept is refused, and nothing is added."""
    hr = world.acting("hr", roles={"organiser"})
    told = {"kind": "reading", "title": "x"} | wrong
    with pytest.raises(InvalidInput):
        hr.catalogue.add(told.pop("kind"), **told)
    assert hr.catalogue.all() == ()
