"""Mails: addresses that are exactly one, headers that nobody adds to, texts that say what is so."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.core.party import Customer
from q2c.core.sending import Mailbox, addressed, mailbox, message_id, safe_name
from q2c.core.trace import Paper
from q2c.documents.mail import mail_template, mail_text
from q2c.exchange.eml import Mail, eml
from q2c.resources import resource
from q2c.store.records import read_record

LANGUAGES = "da de en es fi fr nb nl pl sv".split()
KINDS = sorted({path.name.split(".")[0] for path in resource("templates", "mails").iterdir()})
WHEN = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("eva@fjord.example", "", "eva@fjord.example"),
        ("Eva Ek <eva@fjord.example>", "Eva Ek", "eva@fjord.example"),
        ('"Ek, Eva" <Eva.Ek+q2c@Fjord.Example>', "Ek, Eva", "Eva.Ek+q2c@fjord.example"),
        ("faktura@räksmörgås.example", "", "faktura@xn--rksmrgs-5wao1o.example"),
        ("eva@xn--rksmrgs-5wao1o.example", "", "eva@xn--rksmrgs-5wao1o.example"),
        ("eva@пример.example", "", "eva@xn--e1afmkfd.example"),
    ],
)
def test_an_address_is_read_with_its_name_and_its_domain_as_servers_know_it(
    text: str, name: str, address: str
) -> None:
    found = mailbox(text)
    assert (found.name, found.address) == (name, address)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no address"),
        ("eva", "no @"),
        ("eva@fjord.example, bo@fjord.example", "more than one"),
        ("Acme AB <b@y.example>, a@x.example", "more than one"),
        ("Eva, boss@b.example <eva@fjord.example>", "more than one"),
        ("boss@b.example <eva@fjord.example>", "more than one"),
        ("eva@fjord.example\r\nBcc: x.example", "does not show"),
        ("Eva\nBcc: Bo <eva@fjord.example>", "does not show"),
        ("Eva \u202eke <eva@fjord.example>", "does not show"),
        ("ev\u200ba@fjord.example", "does not show"),
        ('"Eva\\" <x> " <eva@fjord.example>', "before the @"),
        ("Eva; <eva@fjord.example>", "before the @"),
        ("\u0435va@fjord.example", "before the @"),
        ("eva..ek@fjord.example", "before the @"),
        (f"{'e' * 65}@fjord.example", "too long before"),
        (f"eva@{'.'.join(['f' * 63] * 4)}.example", "too long"),
        ("eva@fj\u043erd.example", "look alike"),
        ("eva@stra\u00dfe.example", "read differently"),
        ("eva@fjord", "no domain"),
        ("eva@[127.0.0.1]", "no domain"),
        ("eva@fjord\uff0eexample", "no domain"),
        ("eva@-fjord.example", "no domain"),
        (f"{'E' * 121} <eva@fjord.example>", "too long"),
    ],
)
def test_what_could_be_read_otherwise_is_no_address(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        mailbox(text)
    assert refused.value.faults[0].code == "bad-mail-address"
    assert refused.value.faults[0].message.isprintable()


SIGNS = st.sampled_from([*"aZ0.-_+ <>,;:@()[]\"'\\\r\n", "å", "ß", "\u0430", "\u202e", "\uff0e"])


@given(st.text(SIGNS, max_size=12), st.text(SIGNS, min_size=1, max_size=12).map("{}.se".format))
def test_any_address_that_is_read_is_read_as_one_by_python_too(before: str, after: str) -> None:
    try:
        found = mailbox(f"{before}@{after}")
    except Invalid:
        return
    data = eml(a_mail(to=(found,)))
    [seen] = read(data)["To"].addresses
    assert (seen.addr_spec, seen.display_name) == (found.address, found.name)


def customer(text: str) -> Customer:
    head = "id: ek\nname: Ek AB\naddress: {street: Kaj 1, postal_code: 1, city: Ek, country: SE}\n"
    return read_record(f"{head}{text}".encode(), "customers/ek.yaml", Customer)


def test_a_document_goes_to_the_person_whose_part_it_is_or_to_whom_the_file_says() -> None:
    people = (
        "contacts:\n  - {name: Eva, email: eva@ek.example, roles: [orders]}\n"
        "  - {name: Bo, email: bo@ek.example, roles: [billing]}\n"
    )
    assert addressed(customer(people), "quote").everyone == ("eva@ek.example",)
    assert addressed(customer(people), "invoice").everyone == ("bo@ek.example",)
    said = "sending: {to: [ap@ek.example, AP@ek.example], cc: [cfo@ek.example, ap@ek.example]}\n"
    whom = addressed(customer(people + said), "invoice")
    assert whom.everyone == ("ap@ek.example", "cfo@ek.example")


def test_a_wrong_address_is_told_at_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        addressed(
            customer("sending:\n  to:\n    - a@ek.example\n    - a@b.example, c@d.example\n"),
            "quote",
        )
    place = refused.value.faults[0].place
    assert place is not None
    assert (place.file, place.line) == ("customers/ek.yaml", 7)


def a_mail(**other: object) -> Mail:
    given: dict[str, object] = {
        "sender": mailbox("Nordlys Konsult AB <faktura@nordlys.example>"),
        "to": (mailbox("Eva Ek <eva@fjord.example>"),),
        "subject": "Faktura F-2026-0001 från Nordlys",
        "text": "Hej!\n",
        "html": "<p>Hej!</p>\n",
        "files": {"F-2026-0001.pdf": b"%PDF-1.7 not really"},
        "message_id": "<F-2026-0001.abc@nordlys.example>",
        "written": WHEN,
    }
    return Mail(**(given | other))  # type: ignore[arg-type]  # as each test gives them


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, _class=EmailMessage, policy=policy.default)


def test_a_mail_is_read_back_as_it_was_written_and_the_same_each_time() -> None:
    data = eml(a_mail(copies=(mailbox("bo@fjord.example"),), hidden=(mailbox("x@y.example"),)))
    found = read(data)
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert found["To"].addresses == (Address("Eva Ek", "eva", "fjord.example"),)
    assert b"x@y.example" not in data
    assert data == eml(
        a_mail(copies=(mailbox("bo@fjord.example"),), hidden=(mailbox("x@y.example"),))
    )


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "Hi\r\nBcc: all@firm.example"},
        {"subject": "x" * 201},
        {"subject": " "},
        {"to": ()},
        {"files": {'a".pdf\r\nX: y': b""}},
        {"message_id": "<a@b>\n"},
    ],
)
def test_nothing_adds_a_header(other: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        eml(a_mail(**other))
    assert refused.value.faults[0].code == "bad-mail-header"


NAMES = ["Åsa Öst", "Ek, Eva", 'A "B" C', "=?utf-8?q?x?=", "李四", "x" * 110, "a(b)c", "Dr. Ek"]


@pytest.mark.parametrize(("name", "subject"), list(product(NAMES, ["Faktura ö" * 20, "x " * 90])))
def test_odd_names_and_long_subjects_come_through_whole(name: str, subject: str) -> None:
    subject = " ".join(subject.split())
    data = eml(a_mail(to=(Mailbox(name, "eva", "fjord.example"),), subject=subject))
    found = read(data)
    [address] = found["To"].addresses
    assert (address.addr_spec, found["Subject"]) == ("eva@fjord.example", subject)
    assert max(map(len, data.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Tidrapport för åäö.pdf", "Tidrapport-for-aao.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ('x".pdf\r\n', "x-.pdf"),
        ("李.pdf", "file.pdf"),
        (f"{'n' * 200}.pdf", f"{'n' * 80}.pdf"),
    ],
)
def test_a_file_has_a_plain_name_at_whoever_gets_it(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_two_files_of_one_name_get_two() -> None:
    assert safe_name("plan.pdf", ["Plan.pdf", "plan-2.pdf"]) == "plan-3.pdf"


def test_the_id_of_a_mail_follows_from_what_it_brings_and_to_whom() -> None:
    papers = [Paper("F-1.pdf", "a" * 64)]
    one = message_id("F-1", papers, ["eva@x.example", "bo@x.example"], "nordlys.example")
    assert one == message_id("F-1", papers, ["bo@x.example", "eva@x.example"], "nordlys.example")
    others = {
        message_id("F-1", [Paper("F-1.pdf", "b" * 64)], ["eva@x.example"], "nordlys.example"),
        message_id("F-1", papers, ["eva@x.example"], "nordlys.example"),
        message_id("F-1", papers, ["eva@x.example", "bo@x.example"], "nordlys.example", turn=1),
    }
    assert len(others | {one}) == 4


DOCUMENT = "number title date total due reference valid_until original order".split()
VALUES: dict[str, object] = {
    "document": {name: f"<{name}>" for name in DOCUMENT},
    "seller": {name: f"*{name}*" for name in "name contact email phone web".split()},
    "buyer": {"name": "Ek & Co", "reference": "4711"},
    "files": ["F-1.pdf"],
}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_says_in_every_language_what_it_brings(kind: str, code: str) -> None:
    said = mail_text(mail_template(kind, code), VALUES, code, "mail.md")
    assert "*name*" in said.subject
    assert said.text.endswith("*contact*\n*name*\n")
    assert "<p>" in said.html
    assert "{" not in said.text + said.html.partition("<body")[2].partition(">")[2]
    assert max(map(len, said.text.splitlines())) <= 78


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_receipt_names_what_was_paid_and_not_its_number_in_the_ledger(code: str) -> None:
    said = mail_text(mail_template("receipt", code), VALUES, code, "mail.md")
    assert "<total>" in said.text
    assert "<number>" not in said.subject + said.text


def test_a_value_makes_no_link_no_heading_and_no_other_line() -> None:
    values = VALUES | {
        "buyer": {"name": "[pay](http://evil.example)\n# x <script>", "reference": ""}
    }
    said = mail_text(b"# To {{ buyer.name }}\n\n{{ buyer.name }}\n", values, "en", "own.md")
    assert "\n" not in said.subject
    assert "<script" not in said.html
    assert "href" not in said.html
    assert "[pay](http://evil.example)" in said.text


@pytest.mark.parametrize("data", [b"Hello\n", b"", b"# \xff\n", b"# a\xe2\x80\xaeb\n"])
def test_a_template_without_a_subject_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        mail_text(data, VALUES, "en", "templates/mails/invoice.en.md")
    assert refused.value.faults[0].code == "bad-mail-template"


def test_lists_quotes_links_and_rules_are_told_as_text_and_as_html() -> None:
    text = (
        b"# S\n\n- one\n- two\n\n> said\n\n[web](https://a.example)\n\n## More\n\n---\n\n    code\n"
    )
    said = mail_text(text, VALUES, "en", "own.md")
    wanted = "- one\n- two\n\n> said\n\nweb <https://a.example>\n\nMore\n\n-- \n\ncode\n"
    assert said.text == wanted
    for part in ("<h3>More</h3>", "<hr>", "<pre>code</pre>", '<a href="https://a.example">web</a>'):
        assert part in said.html
