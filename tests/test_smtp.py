"""Mail servers: what they may say and do, and that no mail is lost or doubled by it."""

import time
from pathlib import Path

import pytest

from q2c.core.fault import Invalid, Unreachable
from q2c.core.sending import Secret
from q2c.exchange.smtp import Dropped, Line, Server, line_to
from tests.mailserver import HOST, PASSWORD, USER, Served, served

MAIL = b"Subject: Hello\r\n\r\n.a dot\r\nend\r\n"
FROM, EVA, BO = "faktura@nordlys.example", "eva@fjord.example", "bo@fjord.example"


def server(at: Served, security: str = "none", **more: object) -> Server:
    given = {"host": HOST, "port": at.port, "security": security, "wait": 2.0}
    if at.authorities:
        given |= {"authorities": str(at.authorities)}
    return Server(**(given | more))  # type: ignore[arg-type]  # as each test gives them


def test_many_mails_go_over_one_connection_and_arrive_as_they_are(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        with line_to(server(at)) as line:
            outcomes = [line.post(FROM, [EVA, BO], MAIL) for _ in range(3)]
        assert [to for to, _ in at.postman.mails] == [(EVA, BO)] * 3
        assert {data for _, data in at.postman.mails} == {MAIL}
        assert at.postman.connections == 1
    assert all(answer.taken for outcome in outcomes for answer in outcome.answers)
    assert outcomes[0].answers[0].said == "OK, queued as 1234"


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_mail_goes_encrypted_and_with_a_password(way: str, security: str, tmp_path: Path) -> None:
    with served(tmp_path, security, auth=way) as at:
        chosen = server(at, security, user=USER, password=Secret(PASSWORD))
        with line_to(chosen) as line:
            assert line.post(FROM, [EVA], MAIL).answers[0].taken
        assert at.postman.logins == [way]
        assert at.postman.mails


def test_a_wrong_password_is_told_without_showing_it(tmp_path: Path) -> None:
    with served(tmp_path, "starttls", auth="PLAIN") as at:
        chosen = server(at, "starttls", user=USER, password=Secret("canary-wrong"))
        with pytest.raises(Unreachable, match="535") as refused:
            Line(chosen).post(FROM, [EVA], MAIL)
        assert refused.value.faults[0].code == "mail-login-refused"
        assert "canary" not in f"{refused.value!r} {chosen!r}"


def test_a_server_that_repeats_the_password_does_not_get_it_into_a_record() -> None:
    secret = Secret("canary-7f3a!")
    said = secret.hidden_in("no canary-7f3a! nor Y2FuYXJ5LTdmM2Eh please")
    assert said == "no [secret] nor [secret] please"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with served(tmp_path, "starttls") as at:
        with pytest.raises(Unreachable, match="not trusted") as refused:
            Line(server(at, "starttls", authorities="")).ready()
        assert refused.value.faults[0].code == "mail-not-secure"
        assert not at.postman.mails


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(tmp_path: Path) -> None:
    with (
        served(tmp_path) as at,
        pytest.raises(Unreachable, match="does not offer STARTTLS") as refused,
    ):
        Line(server(at, "starttls")).ready()
    assert "mail.security" in refused.value.faults[0].remedy


@pytest.mark.parametrize(
    ("host", "password"), [("mail.example", None), ("192.0.2.1", None), ("localhost", Secret("x"))]
)
def test_in_the_clear_only_this_machine_is_spoken_to_and_without_a_password(
    host: str, password: Secret | None
) -> None:
    with pytest.raises(Invalid) as refused:
        Line(Server(host=host, security="none", password=password))
    assert refused.value.faults[0].code == "mail-not-secure"


def test_each_recipient_has_its_own_answer(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.rcpt = lambda to: "250 OK" if to == EVA else "550 5.1.1 No such user"
        with line_to(server(at)) as line:
            outcome = line.post(FROM, [EVA, BO], MAIL)
            again = line.post(FROM, [EVA], MAIL)
        assert [to for to, _ in at.postman.mails] == [(EVA,), (EVA,)]
    told = [(answer.to, answer.code, answer.taken) for answer in outcome.answers]
    assert told == [(EVA, 250, True), (BO, 550, False)]
    assert outcome.answers[1].said == "5.1.1 No such user"
    assert again.answers[0].taken


def test_nobody_left_means_no_data_and_the_next_mail_goes_all_the_same(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.rcpt = lambda to: "250 OK" if to == BO else "451 4.7.1 Greylisted, come back"
        with line_to(server(at)) as line:
            first, second = (line.post(FROM, [to], MAIL) for to in (EVA, BO))
        assert len(at.postman.mails) == 1
    assert first.answers[0].code == 451
    assert second.answers[0].taken


def test_a_connection_that_ends_before_the_mail_does_is_no_mail(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.slow = 1.0
        with pytest.raises(Dropped, match="did not answer in time"):
            Line(server(at, wait=0.2)).post(FROM, [EVA], MAIL)
        assert not at.postman.mails


def test_a_connection_that_ends_after_the_mail_leaves_it_unknown(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.data = lambda _count: "drop"
        outcome = Line(server(at)).post(FROM, [EVA], MAIL)
        assert len(at.postman.mails) == 1
    assert (outcome.unknown, outcome.answers) == (True, ())
    assert outcome.told


def test_the_end_of_a_mail_is_waited_for_ten_times_as_long_and_then_unknown(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.data = lambda _count: "silent"
        began = time.monotonic()
        outcome = Line(server(at, wait=0.05)).post(FROM, [EVA], MAIL)
        assert time.monotonic() - began >= 0.5
    assert outcome.unknown


def test_what_is_refused_after_its_end_is_taken_by_nobody(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        at.postman.data = lambda _count: "552 5.3.4 Too large"
        with line_to(server(at)) as line:
            outcome = line.post(FROM, [EVA, BO], MAIL)
    assert [answer.code for answer in outcome.answers] == [552, 552]


def test_nobody_there_is_told_at_once(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        gone = server(at)
    with pytest.raises(Unreachable, match="refused") as refused:
        Line(gone).ready()
    assert refused.value.faults[0].code == "mail-unreachable"
