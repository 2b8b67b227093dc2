"""Errors say the way out, and repeat nothing that somebody wrote."""

from __future__ import annotations

import pytest

from ownership import NotFound


@pytest.mark.parametrize("id_", ["ada.g1k7h2", "p1.k1-20260106/2", "p1.k1#3", "E-404", "organisation.y1", "a:b_c+d"])
def test_an_id_that_is_nobodys_is_told(id_: str) -> None:
    """What looks like an id is told, so that one can see which was meant."""
    error = NotFound("goal", id_)
    assert str(error) == f"no goal {id_!r} here, or it is not yours to see"
    assert error.id == id_


@pytest.mark.parametrize("words", ["I cannot sleep", "ada@example.org", "Zoë", "two\nlines", "x" * 201, " "])
def test_words_in_the_place_of_an_id_are_not_repeated(words: str) -> None:
    """Words, a name or an address that stand where an id belongs are in no error: errors end up in logs."""
    error = NotFound("goal", words, see="goals.mine()")
    assert str(error) == "no goal with this id here, or it is not yours to see; see goals.mine()"
    assert error.id == ""
    assert words.strip() not in repr(error) or not words.strip()


def test_nothing_of_a_kind() -> None:
    """Without an id there is none of a kind now."""
    assert str(NotFound("open check-in")) == "there is no open check-in now"
