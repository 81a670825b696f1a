"""Approvals: nobody walks round them, by any way that is known from other programs."""

import subprocess
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from q2c.core.approval.content import content_hash
from q2c.core.quote import Priced
from q2c.store.orders import numbers
from q2c.store.papers import frozen
from q2c.store.quotes import path_of, read_version
from q2c.store.shop import quoted, read_shop
from q2c.store.tree import WorkTree
from tests.approving import NUMBER, RULES, Team, draft, team
from tests.outside import needs

BAD, HELD, STALE, UNKNOWN = 3, 4, 5, 6
Patch = pytest.MonkeyPatch


@pytest.fixture
def works(tmp_path: Path, monkeypatch: Patch) -> Team:
    monkeypatch.setenv("HOME", str(tmp_path))
    return team(tmp_path / "firm", monkeypatch)


@pytest.fixture
def approved(works: Team) -> Team:
    """Let Eva approve 15 % off, and Ida go on."""
    assert works.now("eva").tries("approve", "--commit") == 0
    return works.now("ida")


def open_team(tmp_path: Path, patch: Patch, rules: str, quote: str = "") -> Team:
    patch.setenv("HOME", str(tmp_path))
    return team(tmp_path / "firm", patch, rules, quote)


def with_rule(rule: str) -> str:
    """Give the people with another rule."""
    return RULES.partition("rules:")[0] + f"rules:\n{rule}"


def test_what_needs_an_approval_is_sent_once_somebody_else_gave_it(works: Team) -> None:
    assert works.tries("send") == HELD
    assert works.events() == []
    assert works.now("eva").tries("approve", "--commit") == 0
    assert works.now("ida").tries("send") == 0
    assert works.events() == ["approved", "sent"]
    assert works.tries("accept", "--by", "Sara Niia") == 0
    works.commits()
    assert works.does("check") == 0


def test_what_needs_none_is_sent(works: Team) -> None:
    works.commits(draft("10"))
    assert works.tries("send") == 0
    assert works.tries("approve") == STALE


def test_a_version_keeps_the_approvals_that_it_was_sent_with(approved: Team) -> None:
    assert approved.tries("send") == 0
    kept = read_version(WorkTree(approved.root), NUMBER, 1).clearance
    assert kept
    assert [(one.rule, one.by) for one in kept.granted] == [("big-discount", ("eva",))]
    assert kept.rules == sha256(RULES.encode()).hexdigest()


# The ways round of OCA/sale-workflow#1087: not saved, edited after the check, duplicated.


def test_an_edit_after_the_approval_to_worse_terms_makes_it_void(approved: Team) -> None:
    approved.commits(draft("18"))
    assert approved.tries("send") == HELD


def test_an_edit_that_nobody_committed_does_not_slip_through(approved: Team) -> None:
    approved.writes(draft("18"))
    assert approved.tries("send") == HELD


def test_better_terms_keep_the_approval(approved: Team) -> None:
    approved.commits(draft("12"))
    assert approved.tries("send") == 0


def test_more_of_it_at_the_same_discount_is_more_off(approved: Team) -> None:
    approved.commits(draft("15", "400"))
    assert approved.tries("send") == HELD


def test_what_is_added_without_a_discount_keeps_the_approval(approved: Team) -> None:
    approved.commits(draft("15", more="  - {product: senior-advisory, quantity: 5}\n"))
    assert approved.tries("send") == 0


def test_worse_and_then_back_is_what_was_approved(approved: Team) -> None:
    approved.commits(draft("18"))
    assert approved.tries("send") == HELD
    approved.commits(draft("15"))
    assert approved.tries("send") == 0


def test_a_copy_of_an_approved_quote_is_not_approved(approved: Team) -> None:
    assert approved.tries("duplicate") == 0
    approved.commits()
    copy = max(path.name for path in (approved.root / "quotes").iterdir())
    assert approved.does("quote", "send", copy, "--quiet") == HELD


def test_a_second_version_needs_its_own_approval_once_it_is_worse(approved: Team) -> None:
    assert approved.tries("send") == 0
    approved.commits(draft("17"))
    assert approved.tries("send") == HELD
    approved.commits(draft("14"))
    assert approved.tries("send") == 0


def test_an_approval_for_one_customer_is_none_for_another(approved: Team) -> None:
    approved.commits(draft().replace("kiruna-konst", "norrby-kommun"))
    assert approved.tries("send") == HELD


# The same discount, written otherwise.


@pytest.mark.parametrize(
    "written",
    [
        draft("0").replace("discounts: [{percent: 0}]", "price: 1200"),
        draft("0", more="discounts:\n  - {percent: 15}\n"),
        draft("0", more="discounts:\n  - {amount: 9000, reason: Welcome}\n"),
        draft("8", more="discounts:\n  - {percent: 8}\n"),
        draft("-20", more="discounts:\n  - {percent: 30}\n"),
    ],
    ids=["a price by hand", "on the whole", "an amount", "half and half", "up and down"],
)
def test_a_discount_is_one_wherever_it_is_written(works: Team, written: str) -> None:
    works.commits(written)
    assert works.tries("send") == HELD


@pytest.mark.parametrize(
    "line",
    [
        "{product: advisory, quantity: 0, discounts: [{percent: 15}]}",
        "{product: advisory, quantity: 0, price: 1160}",
        "{product: api-calls, quantity: 0, price: 0.001}",
        "{product: card-handling, quantity: 0, discounts: [{percent: 15}]}",
    ],
)
def test_what_has_no_quantity_yet_has_its_discount_all_the_same(works: Team, line: str) -> None:
    """A price of hours or calls is worth nothing on the offer, and holds for all that follow."""
    works.commits(draft("0", more=f"  - {line}\n"))
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve", "--commit") == 0
    works.now("ida").commits(
        draft("0", more=f"  - {line}\n".replace("15", "16").replace("1160", "1150"))
    )
    assert works.tries("send") == (0 if "api-calls" in line else HELD)


def test_what_has_no_quantity_yet_is_not_sold_below_its_floor(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    line = "  - {product: advisory, quantity: 0, price: 1140}\n"
    works = open_team(tmp_path, monkeypatch, "", draft("0", more=line))
    assert works.tries("send") == HELD
    works.commits(draft("0", more=line.replace("1140", "1160")))
    assert works.tries("send") == 0


def test_a_line_cannot_hide_its_discount_behind_a_surcharge(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    rules = with_rule("  - {id: line, when: line_discount_percent > 10, by: [eva]}\n")
    hidden = draft("15", more="  - {product: senior-advisory, quantity: 40, price: 2300}\n")
    works = open_team(tmp_path, monkeypatch, rules, hidden)
    assert works.tries("send") == HELD


# What the customer may choose.

CHOICES = """\
  - {product: workshop-day, group: more, choice: none, quantity: 1}
  - {product: workshop-day, group: more, choice: two, quantity: 2, discounts: [{percent: 40}]}
"""
OPTION = "  - {product: workshop-day, quantity: 1, optional: true, discounts: [{percent: 24}]}\n"


@pytest.mark.parametrize("more", [CHOICES, OPTION], ids=["an alternative", "an optional line"])
def test_the_worst_that_a_customer_may_choose_is_what_needs_the_approval(
    works: Team, more: str
) -> None:
    works.commits(draft("5", "1", more))
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve", "--commit") == 0
    assert works.now("ida").tries("send") == 0
    choice = ["--choose", "more=two"] if more == CHOICES else ["--with", "2"]
    assert works.tries("accept", "--by", "Sara", *choice) == 0


def test_another_default_choice_is_no_way_round(works: Team) -> None:
    works.commits(draft("5", "1", CHOICES))
    assert works.tries("send") == HELD
    works.commits(draft("5", "1", f"{CHOICES}choices: {{more: none}}\n"))
    assert works.tries("send") == HELD


def test_a_part_that_is_worse_than_the_whole_is_not_accepted(works: Team) -> None:
    whole = draft("15", "10", "  - {product: senior-advisory, quantity: 40}\n")
    works.commits(whole)
    assert works.tries("send") == 0
    assert works.tries("accept", "--by", "Sara", "--only", "1") == HELD
    assert works.tries("accept", "--by", "Sara") == 0


# Who approves.


def test_nobody_approves_their_own_draft(tmp_path: Path, monkeypatch: Patch) -> None:
    rules = with_rule("  - {id: any, when: discount_percent > 10, by: [ida, eva]}\n")
    works = open_team(tmp_path, monkeypatch, rules)
    assert works.tries("approve") == HELD
    works.now("eva").commits(draft("16"))  # an edit by another does not make it hers alone
    assert works.now("ida").tries("approve") == HELD
    assert works.now("eva").tries("approve") == HELD


def test_what_is_not_committed_was_written_by_whoever_approves_it(works: Team) -> None:
    works.now("eva").writes(draft("18"))
    assert works.tries("approve") == HELD


def test_one_person_alone_approves_what_they_wrote(tmp_path: Path, monkeypatch: Patch) -> None:
    rules = """\
people: [{id: ida, name: Ida Berg, email: IDA@nordlys.example}]
rules: [{id: pause, when: discount_percent > 10, by: [ida]}]
"""
    works = open_team(tmp_path, monkeypatch, rules)
    assert works.tries("send") == HELD
    assert works.tries("approve") == 0
    assert works.tries("send") == 0


def test_who_is_not_asked_or_not_listed_does_not_approve(works: Team) -> None:
    assert works.now("maja").tries("approve") == HELD
    works.git("config", "user.name", "Eva Ek")  # a name is not who it is
    assert works.tries("approve") == HELD
    assert works.events() == []


def test_rules_in_a_chain_are_answered_in_their_order(tmp_path: Path, monkeypatch: Patch) -> None:
    chained = """\
  - {id: sales, when: discount_percent > 5, by: [olle]}
  - {id: boss, when: discount_percent > 10, by: [eva], after: [sales]}
"""
    works = open_team(tmp_path, monkeypatch, with_rule(chained))
    assert works.now("eva").tries("approve") == HELD
    assert works.now("olle").tries("approve") == 0
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve") == 0
    assert works.tries("send") == 0


def test_all_of_a_group_must_approve_where_all_are_needed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    both = "  - {id: both, when: discount_percent > 10, by: [finance], need: all}\n"
    works = open_team(tmp_path, monkeypatch, with_rule(both))
    assert works.now("olle").tries("approve") == 0
    assert works.tries("approve") == STALE
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve") == 0
    assert works.tries("send") == 0


def test_a_refusal_stops_the_quote_until_its_terms_are_better(approved: Team) -> None:
    assert approved.now("olle").tries("approve", "--reject", "--reason", "Too much") == 0
    assert approved.tries("send") == HELD
    approved.now("ida").commits(draft("15", more='note: "Another word"\n'))
    assert approved.tries("send") == HELD
    approved.commits(draft("14"))
    assert approved.tries("send") == 0  # Eva's approval counts for better terms


# The rules themselves.


def test_rules_that_were_changed_in_passing_hold_nobody_up_and_let_nobody_through(
    works: Team,
) -> None:
    works.writes(RULES.replace("> 10", "> 50"), "approvals.yaml")
    assert works.tries("send") == HELD
    (works.root / "approvals.yaml").unlink()
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve") == HELD
    works.git("checkout", "-q", "approvals.yaml")
    assert works.tries("approve") == 0


def test_a_floor_or_a_list_price_is_not_lowered_for_as_long_as_it_takes_to_send(
    works: Team,
) -> None:
    works.commits(draft("21").replace("percent: 21", "percent: 9, reason: Launch"))
    catalog = works.root / "catalog.yaml"
    kept = catalog.read_text("utf-8")
    catalog.write_text(kept.replace("floor: {SEK: 1150", "floor: {SEK: 900"), "utf-8")
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve") == HELD
    catalog.unlink()
    (works.root / "catalog").mkdir()
    works.writes(kept, "catalog/all.yaml")
    assert works.tries("send") == HELD
    (works.root / "catalog/all.yaml").unlink()
    works.writes(kept, "catalog.yaml")
    assert works.now("ida").tries("send") == 0


def test_a_list_of_quotes_is_shown_whatever_the_rules_are(works: Team) -> None:
    works.writes(RULES.replace("> 10", "> 50"), "approvals.yaml")
    assert works.does("quote", "list", "--quiet") == 0


def test_rules_changed_in_the_commit_of_the_version_are_not_those_it_is_judged_by(
    works: Team,
) -> None:
    """A version is judged by the commit it was sent on, and not by the one it arrived in."""
    forged_version(works)
    works.commits(RULES.replace("> 10", "> 50"), "approvals.yaml")
    assert works.does("check") == BAD


def test_rules_and_quotes_changed_one_after_the_other_are_held_against_the_branch_they_go_to(
    works: Team,
) -> None:
    works.git("branch", "target")
    works.commits(RULES.replace("> 10", "> 50"), "approvals.yaml")
    assert works.tries("send") == 0
    works.commits()
    assert works.does("check") == 0
    assert works.does("check", "--rules", "target") == BAD
    assert works.does("check", "--rules", "nowhere") == UNKNOWN


def test_a_version_that_was_sent_before_there_was_a_rule_is_still_an_offer(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    works = open_team(tmp_path, monkeypatch, "")
    assert works.tries("send") == 0
    works.commits(RULES, "approvals.yaml")
    assert works.does("check") == 0
    assert works.tries("accept", "--by", "Sara Niia") == 0


def test_a_later_change_of_the_rules_does_not_make_history_wrong(approved: Team) -> None:
    assert approved.tries("send") == 0
    approved.commits(with_rule("  - {id: other, when: net > 1, by: [olle]}\n"), "approvals.yaml")
    assert approved.does("check") == 0
    assert approved.tries("accept", "--by", "Sara Niia") == 0


# Files that nobody should write.


def priced_now(works: Team) -> Priced:
    """Price the draft as it is."""
    draft_ = works.folder().draft
    assert draft_
    return quoted(read_shop(WorkTree(works.root)), NUMBER, draft_)


def forged_version(works: Team, **more: object) -> None:
    """Write a version and its sending by hand, as the program would have."""
    quote = replace(priced_now(works), version=1, program="1")
    data, name = frozen(quote), path_of(NUMBER, "v1.json")
    (works.root / name).write_bytes(data)
    sent = {
        "kind": "sent",
        "version": 1,
        "files": [[name, sha256(data).hexdigest()]],
        "commit": works.git("rev-parse", "HEAD"),
        **more,
    }
    works.forges(**sent)


def test_a_version_that_was_written_by_hand_is_neither_accepted_nor_passed(works: Team) -> None:
    forged_version(works)
    assert works.does("check") == BAD
    assert works.tries("accept", "--by", "Sara Niia") == HELD
    assert works.now("eva").tries("approve", "--sent") == 0  # the way back, once it is out
    works.commits()
    assert works.does("check") == 0


def test_a_version_of_no_commit_is_judged_by_the_rules_of_today(works: Team) -> None:
    forged_version(works, commit="")
    assert works.does("check") == BAD
    assert works.tries("accept", "--by", "Sara Niia") == HELD


def test_a_version_that_no_event_speaks_of_is_told(works: Team) -> None:
    forged_version(works)
    (works.root / path_of(NUMBER, "events.jsonl")).unlink()
    assert works.does("check") == BAD
    assert works.tries("accept", "--by", "Sara Niia") == STALE


def test_an_event_that_was_edited_by_hand_breaks_the_chain(approved: Team) -> None:
    path = approved.root / path_of(NUMBER, "events.jsonl")
    text = path.read_text("utf-8")
    path.write_text(text.replace('"discount_percent":"15.0"', '"discount_percent":"90.0"'), "utf-8")
    assert path.read_text("utf-8") != text
    assert approved.tries("send") == BAD
    assert approved.does("check") == BAD


def test_an_approval_of_a_stranger_counts_for_nothing_and_is_told(works: Team) -> None:
    figures = {"discount_percent": "15.0", "discount": "8700"}
    works.forges(kind="approved", rule="big-discount", by="mallory", figures=figures)
    assert works.tries("send") == HELD
    assert works.does("check") == BAD


def test_figures_that_are_not_those_of_the_content_are_told(works: Team) -> None:
    """Who writes an approval by hand for more than its content has, is found when it is sent."""
    quote = priced_now(works)
    said: dict[str, object] = {
        "kind": "approved",
        "rule": "big-discount",
        "by": "eva",
        "content": content_hash(quote),
        "figures": {"discount_percent": "90", "discount": "99999"},
        "facts": {"customer": "kiruna-konst", "customer_kind": "business", "currency": "SEK"},
        "commit": works.git("rev-parse", "HEAD"),
    }
    works.forges(**said)
    assert works.tries("send") == 0  # unsigned, it cannot be told from Eva's
    assert works.does("check") == BAD


def test_an_approval_is_not_broken_by_a_cost_that_was_lowered_before_the_quote_was_sent(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """The terms got better for us, and are the same for the customer."""
    rules = with_rule("  - {id: margin, when: margin_percent < 60, by: [eva]}\n")
    works = open_team(tmp_path, monkeypatch, rules)
    assert works.now("eva").tries("approve", "--commit") == 0
    catalog = (works.root / "catalog.yaml").read_text("utf-8")
    assert "cost: {SEK: 820," in catalog
    works.now("maja").commits(catalog.replace("SEK: 820,", "SEK: 810,"), "catalog.yaml")
    assert works.now("ida").tries("send") == 0
    works.commits()
    assert works.does("check") == 0


def test_a_version_that_was_written_anew_is_held_against_the_branch_it_goes_to(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """Who says that it was sent on a commit of no rules, says it of a version that is not there."""
    works = open_team(tmp_path, monkeypatch, "", draft("0"))
    before_rules = works.git("rev-parse", "HEAD")
    works.now("maja").commits(RULES, "approvals.yaml")
    assert works.now("ida").tries("send") == 0
    works.commits()
    works.git("branch", "target")
    for name in ("v1.json", "v1.pdf", "events.jsonl"):
        (works.root / path_of(NUMBER, name)).unlink()
    works.writes(draft("18"))
    forged_version(works, commit=before_rules)
    works.commits()
    assert works.does("check", "--rules", "target") == BAD


# Signatures.


@pytest.fixture
def signing(tmp_path: Path, monkeypatch: Patch) -> Team:
    """Open a workspace in which Eva signs, and git uses her key."""
    needs("ssh-keygen")
    for name in ("eva", "ida"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]
        subprocess.run([*words, str(tmp_path / name)], check=True)
    key = (tmp_path / "eva.pub").read_text("utf-8").strip()
    rules = RULES.replace("eva@nordlys.example}", f"eva@nordlys.example, ssh_key: {key}}}")
    works = open_team(tmp_path, monkeypatch, rules)
    works.git("config", "user.signingkey", str(tmp_path / "eva"))
    return works


def test_a_signed_approval_counts_and_its_signature_is_kept(signing: Team) -> None:
    assert signing.now("eva").tries("approve", "--commit") == 0
    [event] = signing.folder().events
    assert event.signature.endswith(f"{event.content[:12]}-big-discount-eva.sig")
    assert (signing.root / event.signature).read_text("utf-8").startswith("-----BEGIN SSH SIG")
    assert signing.now("ida").tries("send") == 0
    signing.commits()
    assert signing.does("check") == 0


def test_who_takes_another_name_but_not_the_key_cannot_approve(
    signing: Team, tmp_path: Path
) -> None:
    signing.git("config", "user.signingkey", str(tmp_path / "ida"))
    assert signing.now("eva").tries("approve") == HELD
    signing.git("config", "--unset", "user.signingkey")
    assert signing.tries("approve") == HELD
    assert signing.events() == []


def test_an_unsigned_approval_of_who_signs_does_not_count(signing: Team) -> None:
    content = content_hash(priced_now(signing))
    signing.forges(**eva_says(content), commit=signing.git("rev-parse", "HEAD"))
    assert signing.tries("send") == HELD
    assert signing.does("check") == BAD


def eva_says(content: str) -> dict[str, object]:
    return {
        "kind": "approved",
        "rule": "big-discount",
        "by": "eva",
        "content": content,
        "figures": {"discount_percent": "15.0", "discount": "8700.00"},
        "facts": {"customer": "kiruna-konst", "customer_kind": "business", "currency": "SEK"},
    }


def test_a_signed_approval_is_not_replayed_in_another_quote(signing: Team) -> None:
    assert signing.now("eva").tries("approve", "--commit") == 0
    [event] = signing.folder().events
    other = "Q-2026-0012"
    signing.now("ida").commits(draft(), f"quotes/{other}/quote.yaml")
    stolen = signing.root / path_of(other, "events.jsonl")
    stolen.write_bytes((signing.root / path_of(NUMBER, "events.jsonl")).read_bytes())
    assert signing.does("quote", "send", other, "--quiet") == HELD
    assert signing.does("check") == BAD
    assert event.content == content_hash(priced_now(signing))


def test_a_signature_that_was_swapped_or_cut_is_told(signing: Team) -> None:
    assert signing.now("eva").tries("approve", "--commit") == 0
    [event] = signing.folder().events
    (signing.root / event.signature).write_text("-----BEGIN SSH SIGNATURE-----\n", "utf-8")
    assert signing.now("ida").tries("send") == HELD
    assert signing.does("check") == BAD


def test_a_signature_for_something_else_is_none_of_an_approval(
    signing: Team, tmp_path: Path
) -> None:
    """The same key, another namespace: what Eva signs elsewhere approves nothing here."""
    from q2c.store.signatures import fits, signed

    data = b"anything\n"
    words = ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", str(tmp_path / "eva")]
    made = subprocess.run(words, input=data, capture_output=True, check=True).stdout
    key = (tmp_path / "eva.pub").read_text("utf-8").strip()
    assert not fits(data, made, "eva@nordlys.example", key)
    assert fits(data, signed(signing.root, data), "eva@nordlys.example", key)


# Floor prices, clauses, terms and credit.


@pytest.mark.parametrize("rules", ["", RULES.partition("groups:")[0]], ids=["nobody", "listed"])
def test_nothing_is_sold_below_its_floor_price_without_an_approval(
    tmp_path: Path, monkeypatch: Patch, rules: str
) -> None:
    """Advisory has a floor of 1,150 kr; 1,450 less 21 % is 1,145.50."""
    works = open_team(tmp_path, monkeypatch, rules, draft("21"))
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve") == (0 if rules else HELD)
    works.commits(draft("20"))
    assert works.tries("send") == 0


def test_below_the_floor_is_not_approved_for_deeper_below(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    works = open_team(tmp_path, monkeypatch, RULES.partition("groups:")[0], draft("21"))
    assert works.now("eva").tries("approve", "--commit") == 0
    works.now("ida").commits(draft("22"))
    assert works.tries("send") == HELD


CLAUSE = "clauses:\n  - {id: liability, standard: true, text: We are liable for everything.}\n"


def test_a_clause_is_usual_where_the_company_says_so_and_not_where_the_draft_does(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    rules = with_rule("  - {id: legal, when: non_standard_clauses > 0, by: [eva]}\n")
    works = open_team(tmp_path, monkeypatch, rules, draft("0", more=CLAUSE))
    assert works.tries("send") == HELD
    assert works.now("eva").tries("approve", "--commit") == 0
    works.now("ida").commits(draft("0", more=CLAUSE.replace("everything", "all and more")))
    assert works.tries("send") == HELD
    works.now("maja").commits(
        f"{rules}clauses: {{liability: We are liable for everything.}}\n", "approvals.yaml"
    )
    works.now("ida").commits(draft("0", more=CLAUSE))
    assert works.tries("send") == 0


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ("due_days > 45", "due_days: 60\n"),
        ("payment_days > 90", "payments:\n  - {date: 2027-11-02}\n"),
        (
            "deposit_percent < 30",
            "payments:\n  - {percent: 20, on: acceptance}\n  - {on: delivery}\n",
        ),
        ("valid_days > 20", ""),
        ("margin_percent < 50", ""),
        ("margin < 30000", ""),
        ("net > 50000 or currency = EUR", ""),
        ("customer_kind = business and total > 70000", ""),
    ],
)
def test_other_figures_ask_for_an_approval(
    tmp_path: Path, monkeypatch: Patch, when: str, more: str
) -> None:
    rules = with_rule(f"  - {{id: it, when: {when}, by: [eva]}}\n")
    works = open_team(tmp_path, monkeypatch, rules, draft("0", more=more))
    assert works.tries("send") == HELD


def test_what_a_customer_owes_counts_against_its_limit(tmp_path: Path, monkeypatch: Patch) -> None:
    """58,000 with VAT is 72,500: two of them are 145,000, of which 45,000 is over 100,000."""
    rules = with_rule("  - {id: credit, when: over_credit_limit > 0, by: [eva]}\n")
    works = open_team(tmp_path, monkeypatch, rules, draft("0"))
    path = works.root / "customers/kiruna-konst.yaml"
    works.commits(f"{path.read_text('utf-8')}credit_limit: 100000\n", "customers/kiruna-konst.yaml")
    assert works.tries("send") == 0
    assert works.tries("accept", "--by", "Sara Niia") == 0
    second = "Q-2026-0012"
    works.commits(draft("0"), f"quotes/{second}/quote.yaml")
    assert works.does("quote", "send", second, "--quiet") == HELD
    contract = works.root / f"contracts/{numbers(WorkTree(works.root), 'contracts')[-1]}/v1.json"
    whole = contract.read_bytes()
    contract.write_bytes(whole[:-9])  # what cannot be read is not what is not owed
    assert works.does("quote", "send", second, "--quiet") == BAD
    contract.write_bytes(whole)
    assert works.now("eva").does("quote", "approve", second, "--quiet") == 0
    assert works.does("quote", "send", second, "--quiet") == 0
    kept = read_version(WorkTree(works.root), second, 1).clearance
    assert kept
    assert kept.credit["owed"] == Decimal("72500.00")
    works.commits()
    assert works.does("check") == 0


# What two commands say of it.


def test_a_draft_is_told_to_stand_the_same_by_every_command(
    works: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> str:
        capsys.readouterr()
        assert works.does(*words) == 0
        return capsys.readouterr().out

    assert "in-approval" in said("quote", "list", "--state", "in-approval")
    for more in ([], ["--draft"]):
        assert '"state": "in-approval"' in said("quote", "show", NUMBER, *more, "--json")
    assert works.tries("void", "--reason", "A mistake") == 0
    assert NUMBER in said("quote", "list", "--state", "voided")
    for more in ([], ["--draft"]):
        assert '"state": "voided"' in said("quote", "show", NUMBER, *more, "--json")


def test_a_dry_run_approves_nothing(works: Team) -> None:
    assert works.now("eva").tries("approve", "--dry-run") == 0
    assert works.events() == []


def test_an_approval_by_a_rule_that_is_not_needed_is_refused(works: Team) -> None:
    assert works.now("eva").tries("approve", "--rule", "bigger") == UNKNOWN


def test_a_quote_is_shown_with_the_approvals_it_needs(
    works: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert works.does("quote", "approvals", NUMBER, "--json") == 0
    [row] = msgspec.json.decode(capsys.readouterr().out)["data"]
    assert (row["rule"], row["state"], row["whom"]) == (
        "big-discount",
        "waiting",
        "Eva Ek or Olle Ås",
    )
