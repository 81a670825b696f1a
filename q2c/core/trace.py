"""The steps that led to an amount, and where in the files each of them stands."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.core.fault import Fault, Place
from q2c.core.money import EXACT, Money


class Step(Struct, frozen=True, omit_defaults=True):
    """One rule that was applied: what it is, where it stands, the figure before and after.

    `source` is `file:line` in the workspace, `commit` the revision in which that file
    stood so; a rule of the program itself has no source, a file not yet committed no commit.
    `stage` is its row in the price waterfall, for the steps that are one.
    """

    rule: str
    source: str
    before: Decimal
    after: Decimal
    commit: str = ""
    stage: str = ""


def shown(exact: Decimal) -> Decimal:
    """Show an exact figure with as many decimals as it has, at most twelve."""
    cut = exact.quantize(_TWELFTH, context=EXACT).normalize(EXACT)
    return EXACT.add(cut, Decimal(0))  # 5.8E+4 is written 58000


_TWELFTH = Decimal("1e-12")


def mixed(exact: Fraction) -> str:
    """Write a fraction as people say it: 7 1/2 for fifteen halves."""
    whole, rest = divmod(exact.numerator, exact.denominator)
    part = f"{rest}/{exact.denominator}" if rest else ""
    return f"{whole} {part}".strip() if whole or not rest else part


class Traced(Struct, frozen=True):
    """An amount with the steps that made it, in their order."""

    amount: Money
    steps: tuple[Step, ...] = ()


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that an entry or event rests on, by its SHA-256."""

    path: str
    sha256: str


class Sourced(Struct, frozen=True, kw_only=True):
    """A record read from a file; it knows where each of its values stands.

    `places` has a line for each value, made by `noted`: its dotted path below the record
    (`price.SEK`, `tiers.0.up_to`; the record itself is the empty path), its line and its
    column. As one text it costs next to nothing until somebody asks. The reader fills
    both fields; nobody writes them in a file.
    """

    file: str = ""
    places: str = ""

    def place(self, path: str = "") -> Place | None:
        """Find where a value stands; for one that is not there, its nearest parent."""
        _, found, after = self.places.partition(f"\n{path}\t")
        if found:
            line, column = after.partition("\n")[0].split("\t")
            return Place(self.file, int(line), int(column))
        if path:
            return self.place(path.rpartition(".")[0])
        return Place(self.file) if self.file else None

    def source(self, path: str = "") -> str:
        """Name where a value stands as `file:line`, or nothing where no file is behind it."""
        place = self.place(path)
        return f"{place.file}:{place.line}" if place else ""

    def fault(self, code: str, message: str, path: str = "", remedy: str = "") -> Fault:
        """Say what is wrong with a value of this record, at its place."""
        return Fault(code, message, self.place(path), remedy)


def noted(places: Mapping[str, tuple[int, int]]) -> str:
    """Write down where the values of a record stand, by their dotted paths."""
    return "".join(f"\n{path}\t{line}\t{column}" for path, (line, column) in places.items())
