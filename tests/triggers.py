"""What brings about each fault that a session cannot show: a full disk, a forged ledger, a race.

Each function does so in an empty workspace; its name in the table is the code of the fault.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from q2c.cli import main
from q2c.commands.invoices import pushing
from q2c.commands.waterfall import falls
from q2c.commands.workers import spread
from q2c.core.billing import Facts, claim
from q2c.core.catalog import CatalogFile, Promotion, Rule, Validity, When
from q2c.core.entry import Entry, Posting
from q2c.core.fault import Held, Invalid, Refused
from q2c.core.lost import known_of, lost
from q2c.core.party import Customer
from q2c.core.quote import Discount, Draft, DraftLine, Payment, Segment, priced
from q2c.documents.sandbox import LONGEST_TEMPLATE, filled
from q2c.exchange.pades.keys import key_in_file
from q2c.exchange.pades.making import Wish, signed
from q2c.exchange.sheet import read_sheet
from q2c.store import git
from q2c.store.audit import audit
from q2c.store.chain import NO_HASH, sealed
from q2c.store.commit import commit
from q2c.store.edit import replaced
from q2c.store.files import using
from q2c.store.ledger import Record
from q2c.store.records import read_record
from q2c.store.tree import LIMIT, WorkTree, refuse_unread
from q2c.store.writing import Change, writing
from tests.approving import NUMBER, RULES, Team, team
from tests.drafts import draft, offer
from tests.keys import BEGINS, PASSPHRASE, Authority, hand_out
from tests.office import Office, opened
from tests.remotes import PLAN, shared
from tests.sendtriggers import SENDING
from tests.test_auditing import billed_in, forge, forge_document, less_vat, other_line
from tests.test_deposits import HALVES, of, rates
from tests.test_ledger import START, issued, record
from tests.test_signatures import with_marks
from tests.test_writing import Failing
from tests.values import TODAY, delivered, placing

Patch = pytest.MonkeyPatch
Trigger = Callable[[Path, Patch], object]
TRIGGERS: dict[str, Trigger] = {**SENDING}


def triggers(code: str) -> Callable[[Trigger], Trigger]:
    """Enter a function in the table, under the code of the fault that it brings about."""

    def entered(trigger: Trigger) -> Trigger:
        TRIGGERS[code] = trigger
        return trigger

    return entered


# Files that a session cannot hold: other bytes than text, more than a page.


@triggers("nothing-committed")
def _bundle_before_the_first_commit(root: Path, patch: Patch) -> None:
    office = opened(root / "office", patch)
    office.must("invoice", "run", "--through", "2026-11-09", "--yes")
    shutil.rmtree(office.root / ".git")
    git.init(office.root)
    office.does("bundle", "F-2026-0001")


@triggers("no-ledger")
def _signed_without_a_ledger(root: Path, patch: Patch) -> None:
    office = opened(root / "office", patch)
    shutil.rmtree(office.root / "ledger")
    office.does("ledger", "sign")


@triggers("bad-encoding")
def _read_latin_1(_root: Path, _patch: Patch) -> None:
    read_record("id: ek\nname: Åsa\n".encode("latin-1"), "customers/ek.yaml", Customer)


@triggers("bad-value")
def _read_what_only_its_type_refuses(_root: Path, _patch: Patch) -> None:
    read_record(b"weekday: 8\n", "it.yaml", _Odd)


class _Odd(Struct):
    weekday: int

    def __post_init__(self) -> None:
        if self.weekday not in range(1, 8):
            raise ValueError("a week has seven days")


@triggers("einvoice-too-large")
def _read_thirty_megabytes(root: Path, _patch: Patch) -> None:
    huge = root / "huge.xml"
    huge.write_bytes(b"<Invoice>" + b" " * 30_000_000)
    main(["einvoice", "read", str(huge)])


@triggers("too-large")
def _read_ten_megabytes(_root: Path, _patch: Patch) -> None:
    read_record(b"note: " + b"x" * 10_000_000, "catalog.yaml", CatalogFile)


@triggers("too-many")
def _read_a_quote_of_many_lines(_root: Path, _patch: Patch) -> None:
    head = b"customer: ek\ndate: 2026-11-23\nvalid_until: 2026-12-23\nlines:\n"
    read_record(head + b"- product: a\n" * 10_001, "quotes/Q-2026-0001/quote.yaml", Draft)


@triggers("file-too-large")
def _read_a_film(root: Path, _patch: Patch) -> None:
    with (root / "film.pdf").open("wb") as file:
        file.truncate(LIMIT + 1)
    WorkTree(root).read("film.pdf")


@triggers("file-unreadable")
def _read_without_permission(_root: Path, _patch: Patch) -> None:
    # Raised by hand, since whoever runs the tests may have every permission.
    refuse_unread("company.yaml", PermissionError(13, "Permission denied"), link=False)


@triggers("cannot-edit")
def _replace_a_list_by_a_word(_root: Path, _patch: Patch) -> None:
    replaced(b"lines:\n  - product: advisory\n", ("lines",), "none")


# Spreadsheets, which a session cannot write.


@triggers("bad-xlsx")
def _read_a_damaged_workbook(_root: Path, _patch: Patch) -> None:
    read_sheet(b"PK\x03\x04 and no more", "list.xlsx")


@triggers("needs-extra")
def _read_a_workbook_without_the_library(_root: Path, patch: Patch) -> None:
    patch.setitem(sys.modules, "python_calamine", None)
    read_sheet(b"PK\x03\x04", "list.xlsx")


@triggers("empty-sheet")
def _read_a_sheet_without_rows(_root: Path, _patch: Patch) -> None:
    read_sheet(b"\n\n", "list.csv")


@triggers("unnamed-column")
def _read_a_sheet_with_a_column_of_no_name(_root: Path, _patch: Patch) -> None:
    read_sheet(b"name,,country\nSj\xc3\xb6,Kaj 1,SE\n", "list.csv")


# Writing: other programs, full disks, stops.


@triggers("locked")
def _write_while_another_writes(root: Path, _patch: Patch) -> None:
    with writing(root), writing(root, wait=0):
        pass


def _write(root: Path, change: Change) -> None:
    with writing(root) as writer:
        writer.write(change)


@triggers("outside-workspace")
def _write_above_the_workspace(root: Path, _patch: Patch) -> None:
    _write(root, Change({"../note.txt": b"x"}))


@triggers("file-exists")
def _write_over_a_file(root: Path, _patch: Patch) -> None:
    (root / "note.txt").write_bytes(b"mine")
    _write(root, Change({"note.txt": b"yours"}))


@triggers("cannot-write")
def _write_on_a_full_disk(root: Path, _patch: Patch) -> None:
    with using(Failing("create")):
        _write(root, Change({"note.txt": b"x"}))


@triggers("write-interrupted")
def _fill_the_disk_in_the_middle(root: Path, _patch: Patch) -> None:
    with using(Failing("append")):
        _write(root, Change({"note.txt": b"x"}, appended={"log": b"x"}))


@triggers("recovery-blocked")
def _change_what_is_still_to_be_written(root: Path, patch: Patch) -> None:
    with suppress(Refused):
        _fill_the_disk_in_the_middle(root, patch)
    (root / "log").write_bytes(b"another line\n")
    _write(root, Change({"other.txt": b""}))


@triggers("intent-broken")
def _damage_what_is_still_to_be_written(root: Path, patch: Patch) -> None:
    with suppress(Refused):
        _fill_the_disk_in_the_middle(root, patch)
    (root / ".q2c/intents/intent").write_bytes(b"torn")
    _write(root, Change({"other.txt": b""}))


@triggers("ledger-moved")
def _append_to_an_older_ledger(root: Path, _patch: Patch) -> None:
    record(root, [START, issued(1)])
    _, line = sealed(issued(2), Record, 1, record(root, []).records[0].hash)
    _write(root, Change(appended={"ledger/2026.jsonl": line}))


# git: races with others, repositories of others.


def _begun(root: Path, patch: Patch) -> None:
    """Make a repository, in which somebody is known to git."""
    for role in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{role}_NAME", "Ida Berg")
        patch.setenv(f"GIT_{role}_EMAIL", "ida@nordlys.example")
    git.init(root)


def _committed(root: Path, name: str) -> str:
    (root / name).write_bytes(b"x\n")
    return commit(root, [name], f"Add {name}")


@triggers("branch-moved")
def _commit_while_another_commits(root: Path, patch: Patch) -> None:
    _begun(root, patch)
    seen = _committed(root, "a")
    _committed(root, "b")
    real, answers = git.head, iter([seen])
    patch.setattr("q2c.store.commit.head", lambda root: next(answers, "") or real(root))
    _committed(root, "c")


@triggers("index-locked")
def _commit_while_git_is_at_work(root: Path, patch: Patch) -> None:
    patch.setattr("q2c.store.commit.PAUSE", 0)
    _begun(root, patch)
    (root / ".git/index.lock").touch()
    _committed(root, "a")


@triggers("unsafe-repository")
def _work_in_the_repository_of_another(root: Path, patch: Patch) -> None:
    git.init(root)
    patch.setitem(git.SETTINGS, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    git.is_repository(root)


@triggers("git-failed")
def _ask_git_for_what_is_not_there(root: Path, _patch: Patch) -> None:
    git.init(root)
    git.git(root, "cat-file", "-t", "0" * 40)


# The ledger: what nobody can type, since every command looks before it writes.


@triggers("other-fact")
def _record_a_fact_otherwise(root: Path, _patch: Patch) -> None:
    record(root, [START, issued(1), issued(1, amount=1)])


@triggers("charge-billed")
def _bill_a_charge_twice(root: Path, _patch: Patch) -> None:
    record(root, [START, issued(1), issued(2, keys=issued(1).keys)])


@triggers("number-used")
def _give_a_number_twice(root: Path, _patch: Patch) -> None:
    record(root, [START, issued(1), issued(1, id="issued:other", keys=())])


@triggers("date-before-series")
def _date_an_invoice_before_the_last(root: Path, _patch: Patch) -> None:
    record(root, [START, issued(1), issued(2, on=date(2026, 11, 1))])


def _forged(root: Path, *entries: Entry) -> None:
    """Write a ledger whose chain holds, and have it audited."""
    lines, head = [], NO_HASH
    for seq, entry in enumerate(entries):
        made, line = sealed(entry, Record, seq, head)
        head = made.hash
        lines.append(line)
    (root / "ledger").mkdir(exist_ok=True)
    (root / "ledger/2026.jsonl").write_bytes(b"".join(lines))
    raise Invalid(*audit(WorkTree(root), "SEK", ["F-{year}-{n:04}"]))


@triggers("ledger-genesis")
def _begin_a_ledger_in_the_middle(root: Path, _patch: Patch) -> None:
    _forged(root, issued(1))


@triggers("entry-unbalanced")
def _post_one_side_only(root: Path, _patch: Patch) -> None:
    _forged(root, START, issued(1, postings=issued(1).postings[:1]))


@triggers("entry-twice")
def _record_a_fact_twice(root: Path, _patch: Patch) -> None:
    _forged(root, START, issued(1), issued(1))


@triggers("number-gap")
def _leave_out_a_number(root: Path, _patch: Patch) -> None:
    _forged(root, START, issued(2))


# Documents.


@triggers("template-too-long")
def _word_a_contract_without_end(_root: Path, _patch: Patch) -> None:
    filled("x" * (LONGEST_TEMPLATE + 1), {}, "templates/contracts/sv.md")


# The program itself.


def _explain(patch: Patch, error: BaseException, *words: str) -> None:
    def stumble() -> None:
        raise error

    patch.setattr("q2c.commands.explain.explanations", stumble)
    main(["explain", *words])


@triggers("bug")
def _stumble_over_our_own_feet(_root: Path, patch: Patch) -> None:
    _explain(patch, KeyError("x"))


@triggers("system")
def _be_refused_by_the_system(_root: Path, patch: Patch) -> None:
    _explain(patch, OSError(28, "No space left on device"))


@triggers("interrupted")
def _be_stopped_by_hand(_root: Path, patch: Patch) -> None:
    _explain(patch, KeyboardInterrupt(), "--json")


# The books: documents and entries that were forged with care, or drawn by another program.


def _verified_after(root: Path, patch: Patch, forge: Callable[[Office], None]) -> None:
    office = opened(root / "nordlys", patch)
    billed_in(office)
    forge(office)
    assert office.does("ledger", "verify")


@triggers("entry-not-of-document")
def _post_an_invoice_on_another_line(root: Path, patch: Patch) -> None:
    _verified_after(root, patch, lambda office: forge(office, other_line))


@triggers("does-not-add-up")
def _charge_less_tax_than_the_rate_says(root: Path, patch: Patch) -> None:
    _verified_after(root, patch, lambda office: forge_document(office, less_vat))


@triggers("not-reproduced")
def _draw_a_document_otherwise(root: Path, patch: Patch) -> None:
    office = opened(root / "nordlys", patch)
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    patch.setattr("q2c.documents.invoice.invoice_pdf", lambda *_: b"%PDF of another day")
    office.does("verify")


@triggers("waterfall-loose")
def _owe_a_service_of_no_order(_root: Path, _patch: Patch) -> None:
    owed = Posting(role="contract-liability", amount=-1, currency="SEK")
    falls([replace(issued(1), postings=(owed,))], "", "2026-12")


# Approvals: of versions that went out without one, of answers that are none, of keys.


@triggers("approval-missing")
def _check_a_version_that_nobody_approved(root: Path, patch: Patch) -> None:
    works = team(root / "firm", patch)
    works.git("branch", "target")
    works.commits(RULES.replace("> 10", "> 50"), "approvals.yaml")
    works.must("quote", "send", NUMBER)
    works.does("check", "--rules", "target")


@triggers("approval-broken")
def _check_an_answer_of_a_stranger(root: Path, patch: Patch) -> None:
    works = team(root / "firm", patch)
    works.forges(kind="approved", rule="big-discount", by="mallory")
    works.does("check")


@triggers("not-signed")
def _sign_with_what_is_no_key(root: Path, patch: Patch) -> None:
    (root / "key").write_text("no key\n", "utf-8")
    _signing(root, patch).git("config", "user.signingkey", str(root / "key"))
    main(["-C", str(root / "firm"), "quote", "approve", NUMBER])


@triggers("other-key")
def _sign_with_another_key(root: Path, patch: Patch) -> None:
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(root / "key")]
    subprocess.run(words, check=True)
    _signing(root, patch).git("config", "user.signingkey", str(root / "key"))
    main(["-C", str(root / "firm"), "quote", "approve", NUMBER])


@triggers("ssh-keygen-missing")
def _sign_without_the_program(root: Path, patch: Patch) -> None:
    (root / "key").write_text("key\n", "utf-8")
    works = _signing(root, patch)
    works.git("config", "user.signingkey", str(root / "key"))
    git_alone = root / "programs"
    git_alone.mkdir()
    (git_alone / "git").symlink_to(shutil.which("git") or "")
    patch.setenv("PATH", str(git_alone))
    works.does("quote", "approve", NUMBER)


def _signing(root: Path, patch: Patch) -> Team:
    """Open a workspace in which Eva has a key, and is at work."""
    key = f"ssh-ed25519 {'A' * 68}"
    works = team(root / "firm", patch, RULES.replace("eva@nordlys.example}", f"{EVA_KEY}{key}}}"))
    return works.now("eva")


EVA_KEY = "eva@nordlys.example, ssh_key: "


# What a draft asks for that cannot be priced.
RULE = Rule(id="licences", when=When(has=("licence",)), say="Licences are special.")


@triggers("discount-too-large")
def _take_off_more_than_there_is(_root: Path, _patch: Patch) -> None:
    much = (Discount(amount=Decimal(100_000)),)
    priced("Q-2026-0001", draft(DraftLine(product="licence"), discounts=much), offer())


@triggers("group-choice")
def _name_a_group_without_a_choice(_root: Path, _patch: Patch) -> None:
    priced("Q-2026-0001", draft(DraftLine(product="licence", group="level")), offer())


@triggers("payment-parts")
def _pay_half_of_it(_root: Path, _patch: Patch) -> None:
    half = (Payment(percent=Decimal(50), on="acceptance"),)
    priced("Q-2026-0001", draft(DraftLine(product="licence"), payments=half), offer())


@triggers("promotion-shut")
def _give_a_code_that_is_over(_root: Path, _patch: Patch) -> None:
    over = Promotion(id="old", code="OLD", percent=Decimal(5), valid=Validity(TODAY, TODAY))
    shelf = replace(offer(), catalog=replace(offer().catalog, promotions=(over,)))
    late = draft(DraftLine(product="licence"), promotions=("OLD",), date=date(2026, 1, 16))
    priced("Q-2026-0001", late, shelf)


@triggers("ramp-days")
def _begin_a_ramp_before_its_line(_root: Path, _patch: Patch) -> None:
    early = (Segment(first=date(2026, 2, 1)),)
    priced("Q-2026-0001", draft(DraftLine(product="seat", ramp=early)), offer())


@triggers("rule-excludes")
def _put_together_what_does_not_go_together(_root: Path, _patch: Patch) -> None:
    _ruled(replace(RULE, exclude=("setup",)))


@triggers("rule-requires")
def _leave_out_what_is_needed(_root: Path, _patch: Patch) -> None:
    _ruled(replace(RULE, require=("training",)))


def _ruled(rule: Rule) -> None:
    """Price a licence and a set-up under a rule."""
    shelf = replace(offer(), catalog=replace(offer().catalog, rules=(rule,)))
    lines = (DraftLine(product="licence"), DraftLine(product="setup"))
    priced("Q-2026-0001", draft(*lines), shelf)


@triggers("unknown-choice")
def _choose_what_is_not_there(_root: Path, _patch: Patch) -> None:
    line = DraftLine(product="licence", group="level", choice="good")
    priced("Q-2026-0001", draft(line, choices={"level": "best"}), offer())


@triggers("unknown-option")
def _take_an_option_that_is_not_there(_root: Path, _patch: Patch) -> None:
    priced("Q-2026-0001", draft(DraftLine(product="seat", options=("licence",))), offer())


@triggers("push-lost")
def _push_without_the_patience_to_try(root: Path, patch: Patch) -> None:
    office = opened(root / "nordlys", patch)
    shared(office, root / "origin.git")
    patch.setattr(pushing, "TRIES", 0)
    office.does("apply", PLAN, "--push", "--yes")


@triggers("deposit-rate")
def _deposit_rate(_root: Path, _patch: Patch) -> None:
    """VAT changes between a deposit and the delivery."""
    first = claim(HALVES, Facts(), (), placing("2026-01-01", rates=rates(("standard", "24"))))
    assert first
    done = Facts(deliveries=(delivered("1", "2026-02-10"),), deposits=(of(first),))
    claim(HALVES, done, ("O-2026-0001:deposit-1",), placing("2026-02-10"))


@triggers("deliveries-missing")
def _lose_what_was_delivered(_root: Path, _patch: Patch) -> None:
    known = known_of(["O-2026-0001/1:delivery-0"])
    raise Held(*lost(HALVES.number, Facts(), known, date(2026, 2, 10)))


@triggers("use-missing")
def _lose_what_was_used(_root: Path, _patch: Patch) -> None:
    known = known_of(["O-2026-0001/1:usage:2026-01-01..2026-01-31@1"])
    raise Held(*lost(HALVES.number, Facts(), known, date(2026, 2, 10)))


@triggers("pdf-unsignable")
def _sign_what_is_no_pdf(_root: Path, _patch: Patch) -> None:
    ida = key_in_file(Authority().person("Ida Berg").p12(), PASSPHRASE, "ida.p12")
    signed(b"%PDF-1.7", ida, Wish(field="Seller", when=BEGINS))


@triggers("signature-broken")
def _bring_back_a_contract_that_was_changed(root: Path, patch: Patch) -> None:
    office = opened(root / "firm", patch)
    hand_out(office.root)
    base = (office.root / "contracts/C-2026-0001/v1.pdf").read_bytes()
    sara = key_in_file((root / "sara.p12").read_bytes(), "", "sara.p12")
    wish = Wish(field="Buyer", when=BEGINS)
    (root / "back.pdf").write_bytes(signed(with_marks(base), sara, wish))
    office.does("contract", "import", "C-2026-0001", str(root / "back.pdf"))


@triggers("worker-lost")
def _let_a_worker_be_killed(_root: Path, _patch: Patch) -> None:
    def act(task: int) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return bytes(task)

    list(spread(act, [1, 2], 2))
