"""Say what a law of the contract for stores asks of an adapter, why, and what usually breaks it."""

from __future__ import annotations

import argparse

from ownership.errors import Misconfigured


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("law", metavar="LAW", nargs="?", help="such as STO-020; without it all of them, as a page")


def run(args: argparse.Namespace) -> int:
    """Print one law and the command that tries it, or the page of all."""
    try:
        from ownership.testing import StoreContract, find_law, page_of_laws
    except ModuleNotFoundError as error:
        raise Misconfigured("ownership.testing", "needs more: pip install 'ownership[testing]'") from error
    if args.law is None:
        print(page_of_laws(StoreContract.laws().values()), end="")
    else:
        law = find_law(args.law, [StoreContract])
        print(f"{law}\n  Try it: {law.replay}")
    return 0
