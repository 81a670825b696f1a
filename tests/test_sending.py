"""Sending: who gets what, once, and a record that is true whatever stops it."""

import json
import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from q2c.commands.sending import carrying
from q2c.exchange.smtp import Line
from tests.mailserver import HOST, PASSWORD, USER, Served, served
from tests.office import Office, opened

NUMBER, EVA = "F-2026-0001", "sara@kiruna-konst.example"
PLAN = "plans/2026-11.json"


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a workspace with four invoices, once."""
    root = tmp_path_factory.mktemp("billed") / "nordlys"
    with pytest.MonkeyPatch.context() as patch:
        office = opened(root, patch)
        office.today("2026-11-30")
        plan = str(root / PLAN)
        office.must("invoice", "plan", "--through", "2026-11-30", "--out", plan)
        office.must("apply", plan, "--yes")
        yield root


@pytest.fixture
def office(billed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    shutil.copytree(billed, tmp_path / "nordlys")
    office = Office(tmp_path / "nordlys", monkeypatch)
    office.today("2026-11-30")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(carrying, "_waited", lambda _seconds: None)
    return office


@pytest.fixture
def server(tmp_path: Path, office: Office) -> Iterator[Served]:
    """Run a mail server that the office's settings name."""
    with served(tmp_path / "server") as at:
        for name, value in {"HOST": HOST, "PORT": str(at.port), "SECURITY": "none"}.items():
            office.patch.setenv(f"Q2C_MAIL_{name}", value)
        office.patch.setenv("Q2C_MAIL_TIMEOUT", "2")
        yield at


def record(office: Office, number: str = NUMBER) -> list[dict[str, object]]:
    """Read what is recorded of an invoice."""
    path = office.root / f"invoices/2026/{number}.sent.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def kinds(office: Office, number: str = NUMBER) -> list[object]:
    return [line["kind"] for line in record(office, number)]


def mail(data: bytes) -> EmailMessage:
    return message_from_bytes(data, _class=EmailMessage, policy=policy.default)


def test_an_invoice_is_mailed_with_its_pdf_in_the_customers_language(
    office: Office, server: Served
) -> None:
    office.must("send", NUMBER, "--yes")
    [(to, data)] = server.postman.mails
    found = mail(data)
    assert to == (EVA,)
    assert found["Subject"] == "Faktura F-2026-0001 från Nordlys Konsult AB"
    assert found["From"] == "Nordlys Konsult AB <faktura@nordlys.example>"
    body = found.get_body(("plain",))
    assert body is not None
    assert "förfallodag 30 december 2026" in body.get_content().replace("\u00a0", " ")
    [pdf] = found.iter_attachments()
    assert pdf.get_filename() == "F-2026-0001.pdf"
    assert pdf.get_content() == (office.root / "invoices/2026/F-2026-0001.pdf").read_bytes()


def test_what_was_sent_is_recorded_by_its_bytes_and_not_sent_again(
    office: Office, server: Served
) -> None:
    office.must("send", NUMBER, "--yes")
    office.must("send", NUMBER, "--yes")
    assert len(server.postman.mails) == 1
    before, after = record(office)
    assert (before["kind"], after["kind"]) == ("sending", "sent")
    assert after["answers"] == [{"code": 250, "said": "OK, queued as 1234", "to": EVA}]
    assert f"<{after['message_id']}>" == mail(server.postman.mails[0][1])["Message-ID"]
    office.must("check")


def test_what_is_sent_again_on_purpose_is_another_mail(office: Office, server: Served) -> None:
    office.must("send", NUMBER, "--yes")
    office.must("send", NUMBER, "--yes", "--again")
    ids = {mail(data)["Message-ID"] for _, data in server.postman.mails}
    assert len(ids) == 2


def test_a_mail_that_was_written_to_a_file_is_not_sent_by_a_server_too(
    office: Office, server: Served
) -> None:
    office.must("send", NUMBER, "--to", "eml")
    office.must("send", NUMBER, "--to", "smtp", "--yes")
    assert server.postman.mails == []
    office.must("send", NUMBER, "--to", "smtp", "--yes", "--again")
    assert len(server.postman.mails) == 1


def test_what_went_another_way_does_not_go_by_the_usual_one_too(
    office: Office, server: Served
) -> None:
    office.must("send", NUMBER, "--to", "folder")
    office.must("invoice", "send", "--plan", str(office.root / PLAN), "--yes")
    assert EVA not in [to for whom, _ in server.postman.mails for to in whom]
    assert kinds(office) == ["sending", "sent"]
    office.must("send", NUMBER, "--to", "smtp", "--yes")
    assert server.postman.mails[-1][0] == (EVA,)


def test_all_of_a_plan_goes_over_one_connection(office: Office, server: Served) -> None:
    office.must("invoice", "send", "--plan", str(office.root / PLAN), "--yes", "--commit")
    assert len(server.postman.mails) == 4
    assert server.postman.connections == 1
    assert {kind for n in (1, 2, 3, 4) for kind in kinds(office, f"F-2026-000{n}")} == {
        "sending",
        "sent",
    }


def test_who_is_greylisted_is_tried_again_and_the_others_do_not_wait(
    office: Office, server: Served
) -> None:
    asked: list[str] = []

    def later(to: str) -> str:
        asked.append(to)
        return "451 4.7.1 Greylisted" if to == EVA and asked.count(EVA) < 3 else "250 OK"

    server.postman.rcpt = later
    office.must("invoice", "send", "--plan", str(office.root / PLAN), "--yes")
    assert kinds(office) == ["sending", "deferred", "sending", "deferred", "sending", "sent"]
    assert [to for to, _ in server.postman.mails][-1] == (EVA,)
    assert len(server.postman.mails) == 4


def test_a_server_that_never_takes_it_is_not_asked_for_ever(office: Office, server: Served) -> None:
    server.postman.rcpt = lambda _to: "451 4.7.1 Greylisted"
    office.patch.setenv("Q2C_MAIL_RETRIES", "2")
    assert office.does("send", NUMBER, "--yes") == 7
    assert kinds(office) == ["sending", "deferred"] * 3
    server.postman.rcpt = lambda _to: "250 OK"
    office.must("send", NUMBER, "--yes")
    assert kinds(office)[-1] == "sent"


def test_a_refused_recipient_is_told_and_the_others_get_it_once(
    office: Office, server: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    customer = office.root / "customers/kiruna-konst.yaml"
    customer.write_text(f"{customer.read_text()}sending: {{to: [{EVA}, bo@gone.example]}}\n")
    server.postman.rcpt = lambda to: "250 OK" if to == EVA else "550 5.1.1 No such user"
    assert office.does("send", NUMBER, "--yes") == 7
    assert "550 5.1.1 No such user" in capsys.readouterr().out
    server.postman.rcpt = lambda _to: "250 OK"
    office.must("send", NUMBER, "--yes")
    assert [to for to, _ in server.postman.mails] == [(EVA,), ("bo@gone.example",)]


def test_when_nobody_knows_the_end_it_is_not_sent_again_by_itself(
    office: Office, server: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    server.postman.data = lambda _count: "drop"
    assert office.does("send", NUMBER, "--yes") == 7
    assert kinds(office) == ["sending", "unknown"]
    server.postman.data = lambda _count: "250 OK"
    assert office.does("send", NUMBER, "--yes") == 4
    assert "sending-unknown" in capsys.readouterr().err
    assert len(server.postman.mails) == 1
    office.must("send", NUMBER, "--yes", "--again")
    first, second = (mail(data)["Message-ID"] for _, data in server.postman.mails)
    assert first == second  # so that whoever got both sees that they are one


def test_after_a_crash_the_next_run_says_that_it_does_not_know(
    office: Office, server: Served
) -> None:
    class Crash(BaseException):
        pass

    def crash(*_words: object, **_more: object) -> None:
        raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Line, "post", crash)
        patch.setattr("q2c.commands.sending.recording.Recorder.after", crash)
        with pytest.raises(Crash):
            office.does("send", NUMBER, "--yes")
    assert kinds(office) == ["sending"]
    assert office.does("send", NUMBER, "--yes") == 4
    assert not server.postman.mails


def test_ctrl_c_leaves_a_true_record(
    office: Office, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Line, "_handed", stopped)
    assert office.does("send", NUMBER, "--yes") == 130
    assert kinds(office) == ["sending", "failed"]
    monkeypatch.undo()
    assert not server.postman.mails


def test_a_server_that_is_gone_records_nothing_and_exits_with_7(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(office.root.parent / "gone") as at:
        port = at.port
    for name, value in {"HOST": HOST, "PORT": str(port), "SECURITY": "none"}.items():
        office.patch.setenv(f"Q2C_MAIL_{name}", value)
    assert office.does("send", NUMBER, "--yes") == 7
    told = capsys.readouterr().err
    assert "mail-unreachable" in told
    assert "nothing to send" not in told
    assert record(office) == []


def test_a_password_is_in_no_output_no_record_and_no_mail(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = office.root.parent / "password"
    kept.write_text(f"{PASSWORD}\n")
    kept.chmod(0o600)
    with served(office.root.parent / "server", "starttls", auth="LOGIN") as at:
        given = {"HOST": HOST, "PORT": str(at.port), "SECURITY": "starttls", "USER": USER}
        given |= {"CA_FILE": str(at.authorities), "PASSWORD_FILE": str(kept)}
        for name, value in given.items():
            office.patch.setenv(f"Q2C_MAIL_{name}", value)
        office.must("send", NUMBER, "--yes", "--debug")
        kept.write_text("canary-wrong\n")
        assert office.does("send", "F-2026-0002", "--yes", "--debug", "--json") == 7
        office.must("config", "list")
        [(_, data)] = at.postman.mails
    seen = capsys.readouterr()
    everything = [seen.out.encode(), seen.err.encode(), data, *office.files().values()]
    assert not [text for text in everything if b"canary" in text]


def test_a_dry_run_shows_the_mail_and_sends_nothing(
    office: Office, server: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.files()
    assert office.does("send", NUMBER, "--dry-run") == 0
    assert "Subject: Faktura F-2026-0001" in capsys.readouterr().err
    assert (office.files(), server.postman.mails) == (before, [])


def test_mails_keep_their_distance_where_a_rate_is_set(office: Office, server: Served) -> None:
    waits: list[float] = []
    office.patch.setattr(carrying, "_waited", waits.append)
    office.patch.setenv("Q2C_MAIL_RATE", "60")
    office.must("invoice", "send", "--plan", str(office.root / PLAN), "--yes")
    assert len(server.postman.mails) == 4
    # Nobody really waited, so each mail finds one more second before it.
    assert [round(seconds) for seconds in waits] == [1, 2, 3]


def test_an_own_template_takes_the_place_of_the_one_that_comes_along(office: Office) -> None:
    own = office.root / "templates/mails/invoice.sv.md"
    own.parent.mkdir(parents=True)
    own.write_text("# Räkning {{ document.number }}\n\nHej {{ buyer.name }}.\n", "utf-8")
    office.must("send", NUMBER, "--to", "eml", "--out", str(office.root.parent / "out"))
    found = mail((office.root.parent / "out/F-2026-0001.eml").read_bytes())
    assert found["Subject"] == "Räkning F-2026-0001"
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Hej Kiruna Konst & Form AB."


def test_the_same_mail_is_the_same_bytes(office: Office) -> None:
    out = office.root.parent / "out"
    office.must("send", NUMBER, "--to", "eml", "--out", str(out))
    first = (out / "F-2026-0001.eml").read_bytes()
    (office.root / "invoices/2026/F-2026-0001.sent.jsonl").unlink()
    office.must("send", NUMBER, "--to", "eml", "--out", str(out))
    assert (out / "F-2026-0001.eml").read_bytes() == first
    assert all(len(line) <= 998 for line in first.split(b"\r\n"))


@pytest.mark.usefixtures("server")
def test_status_names_what_did_not_go_out_once_anything_did(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.does("status")
    assert "invoices not sent" not in capsys.readouterr().out
    office.must("send", NUMBER, "--yes")
    office.must("invoice", "void", "F-2026-0002", "--yes", "--reason", "wrong customer")
    capsys.readouterr()
    office.does("status")
    assert "invoices not sent\t2\tF-2026-0003, F-2026-0004" in capsys.readouterr().out
    assert office.does("send", "K-2026-0001", "--yes") == 4
    assert "nothing-to-send" in capsys.readouterr().err
