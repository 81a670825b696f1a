"""Contracts on their way to be signed: whose turn it is, until when, and what each move does."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Stale
from q2c.core.party import SigningOrder
from q2c.core.signature import (
    ROLES,
    Happening,
    Role,
    SigningCourse,
    SigningEvent,
    refuse_undeclinable,
    refuse_unofferable,
    refuse_unsignable,
    state,
    told,
    waits_for,
    who_signed,
)
from tests.keys import hand_out
from tests.office import Office, opened

DAY, NEXT, LATE = date(2026, 11, 23), date(2026, 11, 24), date(2027, 1, 1)
NUMBER = "C-2026-0001"
FOLDER = f"contracts/{NUMBER}"


def event(kind: Happening, *roles: Role, on: date = DAY, until: date | None = None) -> SigningEvent:
    return SigningEvent(kind=kind, date=on, roles=roles, expires=until)


def codes(course: SigningCourse, role: Role = "buyer", on: date = DAY) -> str:
    try:
        refuse_unsignable(course, (role,), on)
    except Stale as refused:
        return refused.faults[0].code
    return ""


def test_a_contract_stands_as_what_happened_to_it_says() -> None:
    offered, ours = event("offered", until=NEXT), event("signed", "seller")
    theirs, declined = event("imported", "buyer"), event("declined")
    assert state((), DAY) == "unsigned"
    assert told((offered,), "any", DAY) == "waits for seller and buyer"
    assert told((offered, ours), "any", DAY) == "waits for buyer"
    assert told((offered,), "buyer-first", DAY) == "waits for buyer"
    assert state((offered, ours), LATE) == "expired"
    assert state((offered, ours, theirs), LATE) == "signed"
    assert state((offered, declined), DAY) == "declined"
    assert state((offered, declined, event("offered", until=LATE)), DAY) == "waiting"


def test_nobody_signs_twice_out_of_turn_too_late_or_what_was_declined() -> None:
    ours = event("signed", "seller")
    assert codes(SigningCourse(number=NUMBER, events=(ours,)), "seller") == "signed-already"
    assert codes(SigningCourse(number=NUMBER, order="seller-first")) == "signing-order"
    assert codes(SigningCourse(number=NUMBER, events=(ours,), order="seller-first")) == ""
    late = SigningCourse(number=NUMBER, events=(event("offered", until=DAY),))
    assert (codes(late), codes(late, on=NEXT)) == ("", "signing-expired")
    declined = SigningCourse(number=NUMBER, events=(event("declined"),))
    assert codes(declined) == "signing-declined"
    assert codes(declined, on=date(2026, 11, 1)) == "event-before"


def test_what_is_signed_is_neither_offered_nor_declined() -> None:
    course = SigningCourse(number=NUMBER, events=(event("imported", *ROLES),))
    with pytest.raises(Stale, match="is signed by both"):
        refuse_undeclinable(course, DAY)
    with pytest.raises(Stale, match="is signed by both"):
        refuse_unofferable(course, DAY, LATE)


EVENTS = st.lists(
    st.one_of(
        st.builds(event, st.just("offered"), until=st.sampled_from([DAY, NEXT, LATE])),
        st.builds(event, st.just("signed"), st.sampled_from(ROLES)),
        st.builds(event, st.just("declined")),
    ),
    max_size=6,
)


@given(
    EVENTS, st.sampled_from(["any", "seller-first", "buyer-first"]), st.sampled_from([DAY, LATE])
)
def test_who_is_waited_for_may_sign_and_nobody_else(
    events: list[SigningEvent], order: SigningOrder, on: date
) -> None:
    course = SigningCourse(number=NUMBER, events=events, order=order)
    open_ = state(events, on) in ("unsigned", "waiting")
    for role in ROLES:
        assert (codes(course, role, on) == "") == (open_ and role in waits_for(events, order))
    assert set(waits_for(events, "any")) | set(who_signed(events)) == set(ROLES)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office with contracts, and keys beside it that lead to a root in trust/."""
    office = opened(tmp_path / "firm", monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    office.today("2026-11-23")
    hand_out(office.root)
    return office


def signs(office: Office, who: str, role: str, *words: str) -> int:
    p12 = office.root.parent / f"{who}.p12"
    return office.does(
        "contract", "sign", NUMBER, "--p12", str(p12), "--role", role, *words, "--quiet"
    )


def asked(office: Office, capfd: pytest.CaptureFixture[str], *words: str) -> "dict[str, object]":
    capfd.readouterr()
    office.does(*words, "--json")
    data: dict[str, object] = json.loads(capfd.readouterr().out)["data"]
    return data


def events(office: Office) -> list[dict[str, object]]:
    text = (office.root / FOLDER / "events.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_both_sign_one_file_that_begins_with_the_contract(office: Office) -> None:
    base = (office.root / FOLDER / "v1.pdf").read_bytes()
    assert signs(office, "ida", "seller", "--by", "Ida Berg") == 0
    first = (office.root / FOLDER / "signed.pdf").read_bytes()
    assert signs(office, "sara", "buyer") == 0
    both = (office.root / FOLDER / "signed.pdf").read_bytes()
    assert (first.startswith(base), both.startswith(first)) == (True, True)
    assert [one["size"] for one in events(office)] == [len(first), len(both)]
    assert office.does("contract", "verify", NUMBER) == 0
    assert office.does("check") == 0


def test_what_is_asked_of_a_contract_is_never_stored(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    office.must("contract", "offer", NUMBER, "--expires", "2026-11-30")
    assert asked(office, capfd, "contract", "show", NUMBER)["signing"] == "waiting"
    office.today("2026-12-01")
    assert asked(office, capfd, "contract", "show", NUMBER)["signing"] == "expired"
    assert signs(office, "ida", "seller") == 5
    office.must("contract", "offer", NUMBER)
    assert asked(office, capfd, "contract", "show", NUMBER)["waits_for"] == ["seller", "buyer"]


def test_a_changed_byte_is_told_by_verify_and_by_check(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    signs(office, "ida", "seller")
    path = office.root / FOLDER / "signed.pdf"
    data = bytearray(path.read_bytes())
    data[data.index(b"/Reason") if b"/Reason" in data else 5000] ^= 1
    path.write_bytes(data)
    assert office.does("contract", "verify", NUMBER) == 1
    assert "NOT SOUND" in capfd.readouterr().out
    assert office.does("check") == 3
    assert "document-changed" in capfd.readouterr().err
    assert signs(office, "sara", "buyer") == 3  # nobody signs what was changed


def test_a_signature_that_comes_back_takes_the_place_of_ours(
    office: Office, tmp_path: Path
) -> None:
    signs(office, "ida", "seller")
    ours = (office.root / FOLDER / "signed.pdf").read_bytes()
    signs(office, "sara", "buyer")
    theirs = tmp_path / "back.pdf"
    theirs.write_bytes((office.root / FOLDER / "signed.pdf").read_bytes())
    (office.root / FOLDER / "signed.pdf").write_bytes(ours)  # as it was before it was sent
    lines = (office.root / FOLDER / "events.jsonl").read_bytes().splitlines(keepends=True)
    (office.root / FOLDER / "events.jsonl").write_bytes(lines[0])
    assert office.does("contract", "import", NUMBER, str(theirs), "--signed", "buyer") == 0
    assert (office.root / FOLDER / "signed.pdf").read_bytes() == theirs.read_bytes()
    assert (events(office)[-1]["by"], events(office)[-1]["kind"]) == ("Sara Niia", "imported")
    assert office.does("contract", "verify", NUMBER) == 0


def test_what_was_signed_elsewhere_is_kept_as_it_came(
    office: Office, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes((office.root / "contracts/C-2026-0002/v1.pdf").read_bytes())
    office.must("contract", "import", NUMBER, str(other), "--signed", "buyer", "--by", "Eva Ek")
    assert (office.root / FOLDER / "imported-1.pdf").read_bytes() == other.read_bytes()
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"\x89PNG\r\n")
    told = asked(office, capfd, "contract", "import", NUMBER, str(scan), "--signed", "seller")
    assert (told["signing"], told["file"]) == ("signed", f"{FOLDER}/imported-2.png")


def test_a_foreign_text_is_told(
    office: Office, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes((office.root / "contracts/C-2026-0002/v1.pdf").read_bytes())
    assert office.does("contract", "import", NUMBER, str(other)) == 0
    said = capfd.readouterr().err
    assert "Its text is not that of v1.pdf" in said
    assert "It carries no electronic signature" in said


def test_a_contract_that_is_to_be_signed_holds_its_invoices(
    office: Office, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    company = office.root / "company.yaml"
    company.write_text(
        f"{company.read_text('utf-8')}\ncontracts: {{signature: required}}\n", "utf-8"
    )
    run = ("invoice", "plan", "--through", "2026-11-30", "--out", str(tmp_path / "plan.json"))
    held = asked(office, capfd, *run)["held"]
    assert isinstance(held, list)
    assert {one["code"] for one in held} == {"contract-not-signed"}
    count = len(held)
    signs(office, "ida", "seller")
    signs(office, "sara", "buyer")
    left = asked(office, capfd, *run)["held"]
    assert isinstance(left, list)
    assert len(left) == count - 1


def test_the_seller_signs_first_where_the_company_says_so(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    company = office.root / "company.yaml"
    company.write_text(
        f"{company.read_text('utf-8')}\ncontracts: {{order: seller-first}}\n", "utf-8"
    )
    assert signs(office, "sara", "buyer") == 5
    assert "signing-order" in capfd.readouterr().err
    assert signs(office, "ida", "seller") == 0
    assert signs(office, "sara", "buyer") == 0


def test_evidence_lists_files_events_and_how_to_check(office: Office, tmp_path: Path) -> None:
    from q2c.exchange.pades.places import words_of

    signs(office, "ida", "seller", "--by", "Ida Berg")
    out = tmp_path / "evidence.pdf"
    office.must("contract", "evidence", NUMBER, "--out", str(out))
    said = words_of(out.read_bytes())
    digest = dict(events(office)[0]["files"])[f"{FOLDER}/signed.pdf"]  # type: ignore[call-overload] # a list of pairs
    for part in (digest, str(events(office)[0]["certificate"]), "Ida Berg", "openssl cms -verify"):
        assert part in said


def test_nothing_is_written_where_signing_fails(office: Office, tmp_path: Path) -> None:
    (tmp_path / "bad.p12").write_bytes(b"rubbish")
    before = office.files()
    assert signs(office, "bad", "seller") == 3
    assert signs(office, "ida", "seller", "--dry-run") == 0
    assert office.files() == before
