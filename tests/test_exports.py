"""Exports: other programs accept the journals, and their balances are ours to the öre."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from q2c.core.entry import Entry, Kind, Posting, Vat, balances
from q2c.core.money import Money
from q2c.core.party import Address, Company
from q2c.exchange.beancount import beancount
from q2c.exchange.hledger import hledger
from q2c.exchange.journal import Source, account_name, totals
from q2c.exchange.rows import rows
from tests.outside import needs

COMPANY = Company(
    id="nordan",
    name="Nordan Konsult AB",
    address=Address(street="Storgatan 1", postal_code="111 23", city="Stockholm", country="SE"),
    currency="SEK",
    accounts={"output-vat-25": "2611"},
)
INVOICED, PAID = date(2026, 11, 30), date(2026, 12, 28)
BEAN_CHECK = str(Path(sys.executable).parent / "bean-check")


def posting(role: str, amount: int, currency: str = "SEK", **facts: object) -> Posting:
    return Posting(role=role, amount=amount, currency=currency, **facts)  # type: ignore[arg-type]


def entry(kind: Kind, day: date, *postings: Posting, **facts: object) -> Entry:
    base = {"id": f"{kind}:{day}", "party": "fjord", "period": f"{day:%Y-%m}"} | facts
    return Entry(kind=kind, date=day, postings=postings, **base)  # type: ignore[arg-type]


def domestic() -> list[Entry]:
    """Invoice 1 000.00 with 250.00 VAT, get it paid, earn it."""
    claim = posting("receivable", 1250_00, item="F-2026-0001")
    vat = posting("output-vat", -250_00, vat=Vat("S", Decimal(25)))
    owed = posting("contract-liability", -1000_00, item="F-2026-0001", line="O-2026-0001/1")
    cash, settled = posting("cash", 1250_00), posting("receivable", -1250_00, item="F-2026-0001")
    less = posting("contract-liability", 1000_00, line="O-2026-0001/1")
    revenue = posting("revenue", -1000_00, line="O-2026-0001/1")
    return [
        entry("genesis", date(2026, 1, 2)),
        entry("invoice-issued", INVOICED, claim, vat, owed, number="F-2026-0001"),
        entry("payment-received", PAID, cash, settled, note="BG 1228-55"),
        entry("revenue-recognised", INVOICED, less, revenue, note="1/1 unit"),
    ]


def foreign() -> list[Entry]:
    """Invoice 1 000.00 EUR at 11.30; it is paid at 11.20, so 100.00 SEK are lost."""
    claim = posting("receivable", 1000_00, "EUR", book=11_300_00, item="F-2026-0002")
    owed = posting("contract-liability", -1000_00, "EUR", book=-11_300_00, item="F-2026-0002")
    cash = posting("cash", 1000_00, "EUR", book=11_200_00)
    settled = posting("receivable", -1000_00, "EUR", book=-11_300_00, item="F-2026-0002")
    loss = posting("exchange-loss", 0, "EUR", book=100_00)
    return [
        entry("invoice-issued", INVOICED, claim, owed, number="F-2026-0002"),
        entry("payment-received", PAID, cash, settled, loss),
    ]


def source(entries: Sequence[Entry], name: str = "Fjord Foods AB") -> Source:
    return Source(company=COMPANY, entries=entries, names={"fjord": name})


def asked(journal: str, folder: Path, *words: str) -> str:
    """Ask hledger about a journal."""
    file = folder / "ledger.journal"
    file.write_text(journal, "utf-8")
    run = subprocess.run(
        [needs("hledger"), "-f", str(file), *words],
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def hledger_totals(journal: str, folder: Path) -> dict[tuple[str, str], Decimal]:
    words = ("balance", "--flat", "--no-total", "--empty", "--layout=bare", "-O", "csv")
    found = list(csv.reader(io.StringIO(asked(journal, folder, *words))))[1:]
    return {(name, money): Decimal(amount) for name, money, amount in found if money}


def bean_checked(text: str, folder: Path) -> None:
    file = folder / "ledger.beancount"
    file.write_text(text, "utf-8")
    run = subprocess.run([BEAN_CHECK, str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def assertions(found: dict[tuple[str, str], Decimal]) -> str:
    """State every balance; `~ 0` allows not even a hundredth of an öre."""
    rows = (f"2027-01-01 balance {a} {n:f} ~ 0 {c}" for (a, c), n in found.items())
    return "\n" + "".join(f"{row}\n" for row in rows)


def test_a_journal_reads_as_a_book_keeper_would_write_it() -> None:
    lines = hledger(source(domestic())).splitlines()
    at = lines.index(
        "2026-11-30 * (F-2026-0001) Fjord Foods AB | Invoice  ; id: invoice-issued:2026-11-30"
    )
    assert [" ".join(line.split()) for line in lines[at + 1 : at + 4]] == [
        "Assets:Receivable 1250.00 SEK ; item: F-2026-0001",
        "Liabilities:Output-VAT:25 -250.00 SEK",
        "Liabilities:Contract-Liabilities -1000.00 SEK ; item: F-2026-0001, line: O-2026-0001/1",
    ]


def test_an_account_keeps_its_number_in_the_plan_of_accounts() -> None:
    journal = hledger(source(domestic()))
    assert "account Liabilities:Output-VAT:25  ; account: 2611\n" in journal
    assert '  account: "2611"\n' in beancount(source(domestic()))


def test_hledger_finds_the_balances_that_q2c_has(tmp_path: Path) -> None:
    entries = [*domestic(), *foreign()]
    journal = hledger(source(entries))
    asked(journal, tmp_path, "check", "--strict")
    found = hledger_totals(journal, tmp_path)
    mine = {key: n for key, n in totals(source(entries)).items() if n}
    assert {key: n for key, n in found.items() if n} == mine
    assert found["Expenses:Exchange-Losses", "SEK"] == 100
    assert found["Assets:Cash", "EUR"] == 1000


def test_beancount_finds_the_balances_that_q2c_has(tmp_path: Path) -> None:
    entries = [*domestic(), *foreign()]
    text = beancount(source(entries))
    bean_checked(text + assertions(totals(source(entries))), tmp_path)


def test_beancount_takes_costs_that_are_no_whole_price_for_one(tmp_path: Path) -> None:
    """90.00 EUR at 11.22, of which 0.99 settle an asset: 1 009.80 = 11.11 + 998.69."""
    claim = posting("receivable", 90_00, "EUR", book=1009_80)
    asset = posting("contract-asset", -99, "EUR", book=-11_11)
    owed = posting("contract-liability", -89_01, "EUR", book=-998_69)
    entries = [entry("invoice-issued", INVOICED, claim, asset, owed, number="F-2026-0009")]
    bean_checked(beancount(source(entries)) + assertions(totals(source(entries))), tmp_path)
    odd = beancount(source(entries)).replace("998.69 SEK", "998.68 SEK")
    with pytest.raises(AssertionError, match="does not balance"):
        bean_checked(odd, tmp_path)


def test_the_totals_of_a_journal_are_the_balances_of_the_ledger() -> None:
    for (role, currency), minor in balances(domestic()).items():
        named = account_name(posting(role, 0, vat=Vat("S", Decimal(25))))
        assert totals(source(domestic()))[named, currency] == Money(minor, currency).amount


@pytest.mark.parametrize(
    "name",
    [
        "Fjord\ninclude /etc/passwd",
        'Fjord"\nplugin "os"',
        "Fjord\r\n2026-01-01 ! x\n  a  1",
        "Fjord ; item: x, | y",
        "(F-9) Fjord",
        "Fjord\u2028include x\u0085include y",
        "a  b\\",
        "=1+1",
    ],
)
def test_no_name_can_add_a_line_to_a_journal(name: str, tmp_path: Path) -> None:
    entries = [*domestic(), entry("payment-received", PAID, posting("cash", 0), note=name)]
    plain, odd = source(entries[:-1]), source(entries, name)
    for write in (hledger, beancount):
        assert len(write(odd).splitlines()) == len(write(plain).splitlines()) + 3 + (
            write is beancount
        )
    asked(hledger(odd), tmp_path, "check", "--strict")
    assert len(asked(hledger(odd), tmp_path, "print").split("\n\n")) == 4 + 1
    bean_checked(beancount(odd) + assertions(totals(odd)), tmp_path)


MINOR = st.integers(-(10**9), 10**9)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.tuples(MINOR, MINOR), min_size=1, max_size=12),
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
def test_whatever_was_posted_both_programs_find_it(
    amounts: list[tuple[int, int]], name: str, tmp_path: Path
) -> None:
    entries = [
        entry(
            "payment-received",
            PAID,
            posting("cash", amount, "EUR", book=book),
            posting("receivable", -amount, "EUR", book=-book, item="F-2026-0002"),
            id=f"payment:{n}",
            note=name,
        )
        for n, (amount, book) in enumerate(amounts)
    ]
    odd = source(entries, name)
    found = hledger_totals(hledger(odd), tmp_path)
    assert {key: n for key, n in found.items() if n} == {k: n for k, n in totals(odd).items() if n}
    bean_checked(beancount(odd) + assertions(totals(odd)), tmp_path)


def test_rows_name_the_account_and_the_amount_in_the_home_currency_too() -> None:
    found = list(rows(source(foreign())))
    assert [(row["account"], str(row["amount"]), str(row["home"])) for row in found[:2]] == [
        ("1510", "1 000.00 EUR", "11300.00"),
        ("2970", "-1 000.00 EUR", "-11300.00"),
    ]
