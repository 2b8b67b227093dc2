"""Moves: what a status allows. Each noun has one table of moves beside its class; here it is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from ownership.errors import IllegalMove

Status = TypeVar("Status", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)

Table = Mapping[Status, Mapping[Move, Status]]
"""For each status the moves that it allows, and the status that each leads to."""


def status_after(table: Table[Status, Move], status: Status, move: Move, noun: str, id_: str) -> Status:
    """Give the status that a move leads to.

    Raises:
        IllegalMove: the status does not allow the move.
    """
    moves = table[status]
    if move not in moves:
        raise IllegalMove(noun, id_, status, move, moves)
    return moves[move]
