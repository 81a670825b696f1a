"""The life of a quote in a workspace: versions, choices, attachments, and what comes of them."""

import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c.core.order import Order
from q2c.core.quote import Event, Priced
from q2c.store.orders import order_faults, read_contract, read_order
from q2c.store.papers import frozen
from q2c.store.quotes import read_events, read_quote, read_version
from q2c.store.shop import quoted, read_shop
from q2c.store.tree import WorkTree
from tests.office import OPENED, Office
from tests.player import example
from tests.values import kr

Patch = pytest.MonkeyPatch
NUMBER = "Q-2026-0010"
ALL_HELD = 4
EDITIONS = (
    *("--line", "workshop-day:1,group=edition,choice=good,label=Good"),
    *("--line", "workshop-day:2,group=edition,choice=best,label=Best"),
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("original") / "nordlys")


@pytest.fixture
def office(original: Path, tmp_path: Path, monkeypatch: Patch) -> Office:
    """Give an office with the example, on 2 November 2026."""
    shutil.copytree(original, tmp_path / "nordlys")
    return Office(tmp_path / "nordlys", monkeypatch)


def offered(office: Office, *words: str) -> None:
    """Draft a quote for Kiruna Konst, who need no order number, and send it."""
    office.must("quote", "new", "kiruna-konst", *words)
    office.must("quote", "send", NUMBER)


def accepted(office: Office, *words: str) -> Order:
    """Accept it on the words, and give the order."""
    office.must("quote", "accept", NUMBER, "--by", "Sara Niia", *words)
    return read_order(WorkTree(office.root), "O-2026-0001")


def reprice(office: Office, **prices: str) -> None:
    """Give catalogue prices in kronor new figures, and commit them."""
    path = office.root / "catalog.yaml"
    text = path.read_text("utf-8")
    for old, new in prices.items():
        text = text.replace(f"SEK: {old.removeprefix('kr')}", f"SEK: {new}")
    path.write_text(text, "utf-8")
    subprocess.run(["git", "commit", "-qam", "Dearer"], cwd=office.root, check=True)


def refused(office: Office, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run what is refused; give the code of the first fault."""
    capsys.readouterr()
    before = office.files()
    assert office.does(*words)
    assert office.files() == before
    return capsys.readouterr().err.partition("error[")[2].partition("]")[0]


def version(office: Office, number: int) -> Priced:
    return read_version(WorkTree(office.root), NUMBER, number)


def last_event(office: Office) -> Event:
    return read_events(WorkTree(office.root), NUMBER)[-1]


def draft_text(office: Office) -> str:
    return (office.root / f"quotes/{NUMBER}/quote.yaml").read_text("utf-8")


# Versions.


def test_a_version_that_was_superseded_is_not_accepted(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "advisory:10")
    office.must("quote", "revise", NUMBER, "--date", "2026-11-09")
    office.must("quote", "send", NUMBER, "--date", "2026-11-09")
    by = ("--by", "Sara Niia", "--date", "2026-11-10")
    assert refused(office, capsys, "quote", "accept", f"{NUMBER}/v1", *by) == "version-superseded"
    office.must("quote", "accept", f"{NUMBER}/v2", *by)
    assert read_order(WorkTree(office.root), "O-2026-0001").source == f"{NUMBER}/v2"


def test_what_expired_is_offered_anew_at_todays_prices(office: Office) -> None:
    offered(office, "--line", "workshop-day")
    reprice(office, kr24000="26000")
    office.must("quote", "revise", NUMBER, "--date", "2026-12-10")
    office.must("quote", "send", NUMBER, "--date", "2026-12-10")
    again = version(office, 2)
    assert (version(office, 1).net, again.net) == (kr("24000"), kr("26000"))
    assert str(again.valid_until) == "2027-01-09"


def test_prices_that_were_shown_are_kept_as_prices_by_hand(office: Office) -> None:
    offered(office, "--line", "workshop-day:2,discount=10%", "--line", "prepaid-hours:50")
    reprice(office, kr24000="26000", kr1350="1390")
    office.must("quote", "revise", NUMBER, "--keep-prices", "--date", "2026-12-10")
    assert "price: 24000" in draft_text(office)
    assert "price: 1350" in draft_text(office)
    office.must("quote", "send", NUMBER, "--date", "2026-12-10")
    assert version(office, 2).net == version(office, 1).net == kr("110700")


def test_prices_that_have_not_moved_are_left_alone(office: Office) -> None:
    offered(office, "--line", "workshop-day", "--line", "training-seat:8")
    before = draft_text(office)
    office.must("quote", "revise", NUMBER, "--keep-prices", "--date", "2026-11-09")
    changed = before.replace("2026-11-02", "2026-11-09").replace("2026-12-02", "2026-12-09")
    assert draft_text(office) == changed


def test_a_price_that_cannot_be_kept_is_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "insight-cloud:2", "--term", "12m")
    prices = office.root / "catalog.yaml"
    text = prices.read_text("utf-8")
    module = text.index("- id: region-eu")
    dearer = text[module:].replace("charge: recurring", "charge: recurring\n    price: {SEK: 9}", 1)
    prices.write_text(text[:module] + dearer.replace("price: {SEK: 0, EUR: 0}", "", 1), "utf-8")
    words = ("quote", "revise", NUMBER, "--keep-prices", "--date", "2026-12-10")
    assert refused(office, capsys, *words) == "price-moved"


def test_what_was_declined_is_sent_again_only_as_another_offer(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "advisory:10")
    office.must("quote", "decline", NUMBER, "--reason", "Too dear", "--date", "2026-11-04")
    day = ("--date", "2026-11-05")
    assert refused(office, capsys, "quote", "send", NUMBER, *day) == "quote-declined"
    office.must("quote", "revise", NUMBER, *day)
    office.must("quote", "send", NUMBER, *day)
    office.must("quote", "accept", NUMBER, "--by", "Sara Niia", *day)


def test_nothing_comes_of_a_quote_that_was_made_void(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "advisory:10")
    office.must("quote", "void", NUMBER, "--reason", "The project is off")
    for words in (("accept", NUMBER, "--by", "Eva"), ("send", NUMBER), ("revise", NUMBER)):
        assert refused(office, capsys, "quote", *words) == "quote-voided"
    office.must("quote", "duplicate", NUMBER)
    office.must("quote", "send", "Q-2026-0011")


def test_a_copy_is_of_today_and_leaves_behind_what_no_longer_holds(office: Office) -> None:
    words = ("--line", "insight-licence:2", "--term", "1y", "--starts", "2026-11-09")
    offered(office, *words, "--promo", "WINTER26", "--discount", "100:Thanks")
    office.must("quote", "duplicate", NUMBER, "--customer", "thistle-ltd", "--date", "2027-03-01")
    tree = WorkTree(office.root)
    copy = read_quote(tree, "Q-2027-0001").draft
    assert copy
    assert (copy.customer, str(copy.date), str(copy.valid_until)) == (
        "thistle-ltd",
        "2027-03-01",
        "2027-03-31",
    )
    assert (copy.promotions, copy.starts, copy.discounts[0].reason) == ((), None, "Thanks")


# What the customer chooses.


def test_the_choice_makes_the_contract_and_the_order(office: Office) -> None:
    offered(office, *EDITIONS, "--line", "handbook:3,optional", "--line", "advisory:10")
    order = accepted(office, "--choose", "edition=best", "--with", "3")
    assert [(line.id, str(line.quantity)) for line in order.lines] == [
        ("2", "2"),
        ("3", "3"),
        ("4", "10"),
    ]
    contract = read_contract(WorkTree(office.root), order.contract)
    assert contract.net == order.net == kr("63760")
    event = last_event(office)
    assert (event.choices, event.taken, event.only) == ({"edition": "best"}, ("3",), ())


def test_without_a_choice_the_one_shown_holds_and_nothing_optional(office: Office) -> None:
    offered(office, *EDITIONS, "--line", "handbook:3,optional")
    order = accepted(office)
    assert [line.id for line in order.lines] == ["1"]
    assert last_event(office).choices == {"edition": "good"}


def test_an_acceptance_in_part_has_its_part_of_what_is_off_the_whole(office: Office) -> None:
    """24,000 of 38,500 kr, so 24,000 / 38,500 of 1,000 off: 623.38."""
    offered(office, "--line", "workshop-day", "--line", "advisory:10", "--discount", "1000")
    order = accepted(office, "--only", "1")
    assert [line.id for line in order.lines] == ["1"]
    assert order.net == kr("23376.62")
    assert last_event(office).only == ("1",)


def test_the_list_shows_what_was_agreed_and_not_what_was_offered(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, *EDITIONS)
    accepted(office, "--choose", "edition=best")
    capsys.readouterr()
    office.must("quote", "list", "--state", "accepted", "--csv", "--fields", "net,state")
    assert capsys.readouterr().out == "net,state\n48000.00 SEK,accepted\n"


def test_payments_that_do_not_fit_a_part_are_refused(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ("--line", "workshop-day", "--line", "advisory:10")
    offered(office, *lines, "--payment", "10000@acceptance", "--payment", "38125@start")
    words = ("quote", "accept", NUMBER, "--by", "Eva", "--only", "2")
    assert refused(office, capsys, *words) == "payment-parts"


def test_clauses_payments_and_attachments_pass_into_the_contract(office: Office) -> None:
    (office.root / "papers").mkdir()
    (office.root / "papers/plan.txt").write_text("First this, then that.\n", "utf-8")
    words = ("--clause", "code=The code is yours.", "--deposit", "30%")
    offered(office, "--line", "advisory:10", *words, "--attach", "papers/plan.txt")
    order = accepted(office)
    contract = read_contract(WorkTree(office.root), order.contract)
    assert [one.text for one in contract.clauses] == ["The code is yours."]
    assert contract.payments == order.payments
    assert [one.path for one in contract.attachments] == ["papers/plan.txt"]


# Promotions that are counted.


def test_a_promotion_is_used_up_by_orders(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "workshop-day", "--promo", "WELCOME")
    office.must("quote", "duplicate", NUMBER)
    office.must("quote", "send", "Q-2026-0011")
    assert accepted(office).promotions == ("welcome",)
    by = ("--by", "Sara Niia")
    again = refused(office, capsys, "quote", "accept", "Q-2026-0011", *by)
    assert again == "promotion-used-up"
    third = ("quote", "new", "kiruna-konst", "--line", "workshop-day", "--promo", "WELCOME")
    assert refused(office, capsys, *third) == "promotion-shut"
    office.must("quote", "new", "thistle-ltd", *third[3:])


def test_a_copy_leaves_out_a_code_that_is_used_up(office: Office) -> None:
    offered(office, "--line", "workshop-day", "--promo", "WELCOME")
    accepted(office)
    office.must("quote", "duplicate", NUMBER)
    copy = read_quote(WorkTree(office.root), "Q-2026-0011").draft
    assert copy
    assert copy.promotions == ()


# Attachments.


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("papers/none.pdf", "no-attachment"),
        ("../plan.txt", "attachment-outside"),
        ("/etc/hostname", "attachment-outside"),
        (".git/config", "attachment-outside"),
        ("papers/../company.yaml", "attachment-outside"),
        ("papers//plan.txt", "attachment-outside"),
    ],
)
def test_what_is_attached_is_a_file_of_the_workspace(
    office: Office, capsys: pytest.CaptureFixture[str], name: str, code: str
) -> None:
    words = ("quote", "new", "kiruna-konst", "--line", "advisory", "--attach", name)
    assert refused(office, capsys, *words) == code


def test_a_link_is_not_attached(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (office.root / "plan.txt").symlink_to("/etc/hostname")
    words = ("quote", "new", "kiruna-konst", "--line", "advisory", "--attach", "plan.txt")
    assert refused(office, capsys, *words) == "symlink"


def test_an_attachment_that_changed_is_noticed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = office.root / "plan.txt"
    plan.write_text("First this, then that.\n", "utf-8")
    offered(office, "--line", "advisory:10", "--attach", "plan.txt")
    office.must("verify", "--all")
    plan.write_text("First that.\n", "utf-8")
    assert refused(office, capsys, "check") == "document-changed"
    assert refused(office, capsys, "verify", "--all") == "document-changed"
    accept = ("quote", "accept", NUMBER, "--by", "Sara Niia")
    assert refused(office, capsys, *accept) == "document-changed"


# Foreign currency.


def test_a_rate_is_stated_where_another_currency_is_asked_for(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("quote", "new", "fjell-as", "--line", "advisory", "--currency", "EUR")
    stated = read_quote(WorkTree(office.root), NUMBER).draft
    assert stated
    assert stated.exchange
    assert stated.exchange.source
    own = ("quote", "new", "kiruna-konst", "--line", "advisory")
    rate = ("--exchange", "11.2@2026-11-02:Riksbanken")
    assert refused(office, capsys, *own, *rate) == "exchange-needless"
    nothing = ("quote", "new", "polar-oy", "--line", "advisory", "--exchange", "0@2026-11-02:X")
    assert refused(office, capsys, *nothing) == "bad-rate"


# What nobody agreed on.


def test_a_version_that_was_changed_is_not_accepted(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "advisory:10")
    cheaper = replace(version(office, 1), due_days=90)
    (office.root / f"quotes/{NUMBER}/v1.json").write_bytes(frozen(cheaper))
    accept = ("quote", "accept", NUMBER, "--by", "Sara Niia")
    assert refused(office, capsys, *accept) == "document-changed"


def test_a_version_that_nobody_sent_is_not_there(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "advisory:10")
    forged = replace(version(office, 1), version=2)
    (office.root / f"quotes/{NUMBER}/v2.json").write_bytes(frozen(forged))
    accept = ("quote", "accept", f"{NUMBER}/v2", "--by", "Sara Niia")
    assert refused(office, capsys, *accept) == "no-such-version"


def test_an_order_that_was_changed_is_held(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "e-signatures:100")
    order = accepted(office)
    dearer = replace(order, lines=(replace(order.lines[0], net=kr("9000")),))
    (office.root / "orders/O-2026-0001/order.json").write_bytes(frozen(dearer))
    capsys.readouterr()
    assert office.does("invoice", "run", "--through", "2026-11-30", "--yes") == ALL_HELD
    assert "[order-changed]" in capsys.readouterr().err
    assert not (office.root / "invoices").exists()
    assert refused(office, capsys, "verify", "--all") == "document-changed"


def test_an_order_without_an_acceptance_is_held(office: Office) -> None:
    offered(office, "--line", "e-signatures:100")
    order = accepted(office)
    second = replace(order, number="O-2026-0002")
    (office.root / "orders/O-2026-0002").mkdir()
    (office.root / "orders/O-2026-0002/order.json").write_bytes(frozen(second))
    found = order_faults(WorkTree(office.root), ["O-2026-0001", "O-2026-0002"])
    assert {number: fault.code for number, fault in found.items()} == {
        "O-2026-0002": "order-unaccepted"
    }


def test_a_plan_of_an_order_that_is_changed_afterwards_is_not_applied(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "e-signatures:100")
    order = accepted(office)
    plan = str(office.root / "plans/november.json")
    office.must("invoice", "plan", "--through", "2026-11-30", "--out", plan)
    data = frozen(replace(order, due_days=90))
    (office.root / "orders/O-2026-0001/order.json").write_bytes(data)
    assert refused(office, capsys, "apply", plan, "--yes") == "stale-plan"


def test_an_order_is_executed_once_all_is_delivered_and_every_service_over(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(office, "--line", "workshop-day", "--line", "insight-licence", "--term", "12m")
    accepted(office)
    office.must("order", "deliver", "O-2026-0001", "--line", "1", "--qty", "1")
    for day, stands in ((OPENED, "created"), ("2027-11-01", "executed")):
        capsys.readouterr()
        office.must("order", "list", "--date", day, "--csv", "--fields", "state")
        assert capsys.readouterr().out == f"state\n{stands}\n"


# What cannot be read.


def test_a_draft_that_cannot_be_read_stops_neither_list_nor_status(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.root / "quotes/Q-2026-0003/quote.yaml").write_text("customer: [", "utf-8")
    capsys.readouterr()
    assert office.does("quote", "list", "--csv", "--fields", "number,state") == 0
    told = capsys.readouterr()
    assert "Q-2026-0003,draft" in told.out
    assert "Q-2026-0003 cannot be read" in told.err
    assert office.does("status", "--csv", "--fields", "what,count") == 0
    assert "quotes unreadable,1" in capsys.readouterr().out
    assert office.does("check", "--quiet")


def test_what_was_sent_is_accepted_whatever_became_of_its_draft(office: Office) -> None:
    offered(office, "--line", "advisory:10")
    (office.root / f"quotes/{NUMBER}/quote.yaml").write_text("lines: none", "utf-8")
    assert accepted(office).net == kr("14500")


def test_a_quote_priced_twice_is_the_same(office: Office) -> None:
    offered(office, *EDITIONS, "--line", "handbook:3,optional")
    shop = read_shop(WorkTree(office.root))
    draft = read_quote(shop.files, NUMBER).draft
    assert draft
    assert frozen(quoted(shop, NUMBER, draft)) == frozen(quoted(shop, NUMBER, draft))
