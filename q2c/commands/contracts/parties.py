"""Words of the command line, read as the parties to a contract."""

from typing import Literal

import typer

from q2c.core.signature import ROLES, Role


def read_role(word: str) -> Role:
    """Read a party to a contract: seller or buyer."""
    if word not in ROLES:
        raise typer.BadParameter(f"'{word}' is no party; write seller or buyer.")
    return "seller" if word == "seller" else "buyer"


def read_parties(word: str) -> Role | Literal["both"]:
    """Read which parties signed: seller, buyer or both."""
    return "both" if word == "both" else read_role(word)
