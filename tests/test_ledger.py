"""The ledger: balanced facts, each once, in files that show whether they are whole."""

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.entry import Entry, Posting, balances
from q2c.core.fault import Fault, Invalid, Refused
from q2c.core.trace import Paper
from q2c.store.audit import audit
from q2c.store.chain import NO_HASH, sealed
from q2c.store.ledger import Ledger, Record, extended, genesis, next_number, read_ledger
from q2c.store.series import following, place_in
from q2c.store.tally import tally
from q2c.store.tree import WorkTree
from q2c.store.writing import Change, writing

DAY = date(2026, 11, 30)
START = genesis("nordan", date(2026, 1, 2), recorded="2026-01-02T08:00:00Z", program="q2c 1")


def issued(n: int, amount: int = 100_00, on: date = DAY, **facts: object) -> Entry:
    """Make the entry of an invoice."""
    number = f"F-{on:%Y}-{n:04}"
    base = {
        "id": f"issued:{number}",
        "kind": "invoice-issued",
        "date": on,
        "period": f"{on:%Y-%m}",
        "number": number,
        "keys": (f"O-1/1:{number}",),
        "postings": (
            Posting(role="receivable", amount=amount, currency="SEK", item=number),
            Posting(role="revenue", amount=-amount, currency="SEK"),
        ),
    }
    return Entry(**(base | facts))  # type: ignore[arg-type]


def paid(n: int, on: date) -> Entry:
    number = f"F-{on:%Y}-{n:04}"
    postings = (
        Posting(role="cash", amount=100_00, currency="SEK"),
        Posting(role="receivable", amount=-100_00, currency="SEK", item=number),
    )
    return Entry(
        id=f"paid:{number}",
        kind="payment-received",
        date=on,
        period=f"{on:%Y-%m}",
        postings=postings,
    )


def record(root: Path, entries: Sequence[Entry]) -> Ledger:
    """Add entries to the ledger of a workspace."""
    with writing(root) as writer:
        ledger, added = extended(read_ledger(WorkTree(root)), entries, "SEK")
        writer.write(Change(appended=added))
    return ledger


def refusal(root: Path, *entries: Entry) -> Fault:
    with pytest.raises(Invalid) as refused:
        record(root, entries)
    return refused.value.faults[0]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    record(tmp_path, [START, issued(1), issued(2), paid(1, date(2026, 12, 5))])
    return tmp_path


def test_what_was_recorded_is_read_again(books: Path) -> None:
    ledger = read_ledger(WorkTree(books))
    assert [entry.id for entry in ledger.records] == [
        "genesis:nordan:main",
        "issued:F-2026-0001",
        "issued:F-2026-0002",
        "paid:F-2026-0001",
    ]
    assert ledger.by_number["F-2026-0002"].postings == issued(2).postings
    assert str(ledger.place(ledger.by_key["O-1/1:F-2026-0001"])) == "ledger/2026.jsonl:2:1"
    assert balances(ledger.records) == {
        ("receivable", "SEK"): 100_00,
        ("revenue", "SEK"): -200_00,
        ("cash", "SEK"): 100_00,
    }


def test_a_workspace_without_a_ledger_has_an_empty_one(tmp_path: Path) -> None:
    assert read_ledger(WorkTree(tmp_path)) == Ledger()
    assert tally(WorkTree(tmp_path)) == (NO_HASH, {})
    assert audit(WorkTree(tmp_path), "SEK") == []


def test_the_same_facts_again_add_nothing(books: Path) -> None:
    before = (books / "ledger/2026.jsonl").read_bytes()
    record(books, [START, issued(1, recorded="2027-01-01T00:00:00Z", by="Bo"), issued(2)])
    assert (books / "ledger/2026.jsonl").read_bytes() == before


def test_the_same_fact_with_another_content_is_refused_and_the_difference_shown(
    books: Path,
) -> None:
    fault = refusal(books, issued(1, note="later", period="2026-12"))
    assert (fault.code, str(fault.place)) == ("other-fact", "ledger/2026.jsonl:2:1")
    assert fault.message == (
        "issued:F-2026-0001 is in the ledger and says otherwise: "
        'period is "2026-11" there and "2026-12" here; note is "" there and "later" here.'
    )


def test_a_charge_is_settled_once(books: Path) -> None:
    fault = refusal(books, issued(3, keys=("O-1/1:F-2026-0002",)))
    assert fault.code == "charge-billed"
    assert "settled by issued:F-2026-0002 already" in fault.message


def test_a_number_is_given_once(books: Path) -> None:
    assert refusal(books, issued(2, id="issued:other", keys=())).code == "number-used"


def test_dates_in_a_series_never_go_back_but_payments_may(books: Path) -> None:
    assert refusal(books, issued(3, on=date(2026, 11, 29))).code == "date-before-series"
    record(books, [paid(2, date(2026, 11, 1)), issued(3)])


def test_contradictions_within_one_addition_are_found_too(books: Path) -> None:
    assert refusal(books, issued(3), issued(3, amount=1)).code == "other-fact"
    assert refusal(books, issued(3), issued(4, keys=issued(3).keys)).code == "charge-billed"
    assert len(read_ledger(WorkTree(books)).records) == 4


def test_a_new_year_opens_the_next_file_and_old_dates_go_to_the_newest(books: Path) -> None:
    ledger = record(books, [issued(1, on=date(2027, 1, 4)), paid(2, date(2026, 12, 30))])
    assert ledger.files == (("ledger/2026.jsonl", 0), ("ledger/2027.jsonl", 4))
    assert ledger == read_ledger(WorkTree(books))
    assert str(ledger.place(ledger.records[5])) == "ledger/2027.jsonl:2:1"
    assert ledger.records[4].prev == ledger.records[3].hash
    assert audit(WorkTree(books), "SEK", ["F-{year}-{n:04}"]) == []


def test_entries_must_balance_and_the_first_is_the_genesis() -> None:
    with pytest.raises(AssertionError):
        extended(Ledger(), [issued(1)], "SEK")
    with pytest.raises(AssertionError):
        extended(Ledger(), [START, issued(1, postings=issued(1).postings[:1])], "SEK")


def test_numbers_go_on_after_the_last_of_their_series_and_year(books: Path) -> None:
    ledger = read_ledger(WorkTree(books))
    assert next_number(ledger, "F-{year}-{n:04}", 2026) == "F-2026-0003"
    assert next_number(ledger, "F-{year}-{n:04}", 2027) == "F-2027-0001"
    assert next_number(ledger, "K-{year}-{n:04}", 2026) == "K-2026-0001"
    assert next_number(ledger, "{n}", 2026) == "1"
    more = following(["F-9", "F-10", "F-011", "F-x", "G-12"], "F-{n}", 2026)
    assert [next(more), next(more)] == ["F-11", "F-12"]


@given(st.integers(1, 10**6), st.integers(2000, 2100))
def test_a_number_is_found_again_in_its_series_only(n: int, year: int) -> None:
    for pattern in ("F-{year}-{n:04}", "{n}", "{year}{n:3}".replace(":3", ":03"), "X-{n:06}"):
        number = pattern.format(year=year, n=n)
        assert place_in(number, pattern, year) == n
        assert place_in(f"A{number}", pattern, year) is None
        assert ("year" in pattern) == (place_in(number, pattern, year + 1) is None)


def test_the_tally_is_the_balance_and_the_head(books: Path) -> None:
    ledger = record(books, [issued(1, on=date(2027, 1, 4))])
    assert tally(WorkTree(books)) == (ledger.head, dict(balances(ledger.records)))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a digit": lambda raw: raw.replace(b"-10000", b"-90000", 1),
    "a line out": lambda raw: b"".join(raw.splitlines(keepends=True)[::2]),
    "swapped": lambda raw: b"".join(raw.splitlines(keepends=True)[i] for i in (0, 2, 1, 3)),
    "cut": lambda raw: raw[:-1],
    "no text": lambda raw: raw.replace(b"SEK", b"\xff\xff\xff", 1),
    "other JSON": lambda raw: raw.replace(b"{", b"[", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_ledger_is_refused_by_all_who_read_it(books: Path, damage: str) -> None:
    file = books / "ledger/2026.jsonl"
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    for ask in (read_ledger, tally):
        with pytest.raises(Invalid) as refused:
            ask(WorkTree(books))
        assert {fault.code for fault in refused.value.faults} == {"ledger-broken"}
    assert audit(WorkTree(books), "SEK") == list(refused.value.faults)


def forged(root: Path, entries: Sequence[Entry]) -> None:
    """Write entries as nobody should, but with a chain that holds."""
    prev, lines = NO_HASH, b""
    for seq, entry in enumerate(entries):
        made, line = sealed(entry, Record, seq, prev)
        prev, lines = made.hash, lines + line
    (root / "ledger").mkdir()
    (root / "ledger/2026.jsonl").write_bytes(lines)


AUDITED: dict[str, list[Entry]] = {
    "ledger-genesis": [issued(1)],
    "entry-unbalanced": [START, issued(1, postings=issued(1).postings[:1])],
    "entry-twice": [START, issued(1), issued(1)],
    "number-gap": [START, issued(1), issued(3)],
    "date-before-series": [START, issued(1), issued(2, on=date(2026, 11, 2))],
    "document-missing": [START, issued(1, documents=(Paper("invoices/F.pdf", "0" * 64),))],
    "document-changed": [START, issued(1, documents=(Paper("ledger/2026.jsonl", "0" * 64),))],
}


@pytest.mark.parametrize("code", AUDITED)
def test_what_must_hold_and_does_not_is_told_at_its_line(tmp_path: Path, code: str) -> None:
    entries = AUDITED[code]
    forged(tmp_path, entries)
    first = audit(WorkTree(tmp_path), "SEK", ["F-{year}-{n:04}"])[0]
    assert (first.code, str(first.place)) == (code, f"ledger/2026.jsonl:{len(entries)}:1")


def test_documents_that_are_as_they_were_are_fine(tmp_path: Path) -> None:
    (tmp_path / "F.pdf").write_bytes(b"%PDF")
    paper = Paper("F.pdf", sha256(b"%PDF").hexdigest())
    record(tmp_path, [START, issued(1, documents=(paper,))])
    assert audit(WorkTree(tmp_path), "SEK", ["F-{year}-{n:04}"]) == []


def test_a_foreign_currency_must_balance_in_the_company_s_own_too(tmp_path: Path) -> None:
    postings = (
        Posting(role="receivable", amount=100_00, currency="EUR", book=1150_00),
        Posting(role="revenue", amount=-100_00, currency="EUR", book=-1150_01),
    )
    forged(tmp_path, [START, issued(1, postings=postings)])
    assert audit(WorkTree(tmp_path), "SEK")[0].code == "entry-unbalanced"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 10**9)), max_size=12))
def test_any_order_of_recording_gives_a_ledger_that_holds(facts: list[tuple[int, int]]) -> None:
    ledger, raw = extended(Ledger(), [START], "SEK")
    lines = dict(raw)
    for n, amount in facts:
        try:
            ledger, raw = extended(ledger, [issued(n, amount)], "SEK")
        except Refused:
            assert ledger.by_number[f"F-2026-{n:04}"].postings[0].amount != amount
            continue
        lines = {name: lines.get(name, b"") + raw.get(name, b"") for name in {*lines, *raw}}
    assert sum(balances(ledger.records).values()) == 0
    assert [line.seq for line in ledger.records] == list(range(len(ledger.records)))
    assert b"".join(lines.values()).count(b"\n") == len(ledger.records)
