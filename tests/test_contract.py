"""Contracts: what was accepted, as it was quoted."""

from q2c.core.contract import from_quote
from q2c.core.quote import Draft, DraftLine, Event, Priced, priced
from tests.values import TODAY, day, days, offer

EVIDENCE = (("quotes/Q-2026-0001/mail.eml", "ab" * 32),)
ACCEPTED = Event(
    kind="accepted", date=day("2026-01-20"), version=1, by="Ida Berg", po="4500771", files=EVIDENCE
)


def quoted(*lines: DraftLine) -> Priced:
    draft = Draft(customer="fjord-foods", date=TODAY, valid_until=TODAY, lines=lines)
    return priced("Q-2026-0001", draft, offer())


def test_a_contract_keeps_the_lines_and_says_who_accepted_what() -> None:
    quote = quoted(DraftLine(product="advisory"))
    contract = from_quote(quote, ACCEPTED, "C-2026-0001", "O-2026-0001")
    assert (contract.lines, contract.net) == (quote.lines, quote.net)
    assert (contract.source, contract.order) == ("Q-2026-0001/v0", "O-2026-0001")
    assert (contract.accepted_by, contract.po) == ("Ida Berg", "4500771")
    assert (contract.evidence, contract.term) == ("ab" * 32, None)


def test_a_contract_runs_from_the_first_service_to_the_last() -> None:
    quote = quoted(
        DraftLine(product="support", term="12 months"), DraftLine(product="support", term="3m")
    )
    contract = from_quote(quote, ACCEPTED, "C-2026-0001", "O-2026-0001")
    assert contract.term == days("2026-01-15", "2027-01-14")
