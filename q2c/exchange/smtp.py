"""Mail servers: one connection for many mails, and what the server said of every recipient."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Final, Literal

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Misused, Unreachable
from q2c.core.sending import LATER, TAKEN, Answer, Secret

Security = Literal["starttls", "tls", "none"]
PORTS: Final[dict[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}  # RFC 8314, 7
# Servers are given ten minutes to say that they took a mail, so that it is not sent twice
# (RFC 5321, 4.5.3.2.6); we wait ten times as long as for anything else.
PATIENCE: Final = 10
GREETING: Final = "[127.0.0.1]"  # what this machine is called is nobody's business
_CONTINUES, _OVER = 354, 421


class Server(Struct, frozen=True, kw_only=True):
    """A mail server, and how we come to it; `wait` is in seconds."""

    host: str
    port: int = 0
    security: Security = "starttls"
    user: str = ""
    password: Secret | None = None
    authorities: str = ""
    wait: float = 60.0


class Outcome(Struct, frozen=True):
    """What came of a mail: what was said of each recipient, and whether anybody knows the end.

    `told` is why nobody knows, or why it never came so far.
    """

    answers: tuple[Answer, ...] = ()
    unknown: bool = False
    told: str = ""


class Dropped(Exception):  # noqa: N818 - the connection ended, and nobody got the mail
    """The connection ended before the server could have taken the mail."""


class Line:
    """A connection to a mail server, made when it is first needed, and anew after it dropped.

    `ending` is true while nobody can say whether the server has taken a mail.
    """

    dropped = Dropped

    def __init__(self, server: Server) -> None:
        refuse_open(server)
        self.ending = False
        self._met = False
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def ready(self) -> None:
        """Connect, if there is no connection. Raises `Dropped` where that may work later."""
        if self._smtp is None:
            self._smtp = self._connected()

    def post(self, sender: str, recipients: Sequence[str], data: bytes) -> Outcome:
        """Hand over one mail for some recipients.

        Raises `Dropped` where the connection ended and nobody can have got it.
        """
        self.ready()
        assert self._smtp is not None, "a connection that is ready"
        try:
            return self._handed(self._smtp, sender, recipients, data)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.hang_up()
            raise Dropped(self._words(error)) from None
        except smtplib.SMTPResponseException as error:
            self.hang_up()
            raise Dropped(self._said(error.smtp_code, error.smtp_error)) from None

    def hang_up(self) -> None:
        """End the connection, whatever state it is in."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.close()

    def take_leave(self) -> None:
        """End the connection as one should; an answer to that changes nothing."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self.hang_up()

    def _handed(
        self, smtp: smtplib.SMTP, sender: str, recipients: Sequence[str], data: bytes
    ) -> Outcome:
        """Go through one mail: its sender, each recipient, its bytes, and their end by itself."""
        code, said = smtp.mail(sender)
        if code not in TAKEN:
            return self._alike(smtp, recipients, code, said)
        answers = [self._answer(to, *smtp.rcpt(to)) for to in recipients]
        if any(answer.code == _OVER for answer in answers):
            raise smtplib.SMTPServerDisconnected("the server closed the connection")
        if not any(answer.taken for answer in answers):
            self._start_over(smtp)
            return Outcome(tuple(answers))
        code, said = smtp.docmd("DATA")
        if code != _CONTINUES:
            return self._alike(smtp, recipients, code, said)
        smtp.send(_stuffed(data))
        return self._ended(smtp, answers)

    def _ended(self, smtp: smtplib.SMTP, answers: Sequence[Answer]) -> Outcome:
        """Send the end of a mail. From here on the server may have taken it, whatever we hear."""
        taken = [answer for answer in answers if answer.taken]
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.wait * PATIENCE)
            self.ending = True
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            self.ending = False
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.wait)
        except (OSError, smtplib.SMTPException) as error:
            self.ending = False
            self.hang_up()
            rest = tuple(answer for answer in answers if not answer.taken)
            return Outcome(rest, unknown=True, told=self._words(error))
        if code not in TAKEN:
            self._start_over(smtp)
        ends = {answer.to: self._answer(answer.to, code, said) for answer in taken}
        return Outcome(tuple(ends.get(answer.to, answer) for answer in answers))

    def _alike(
        self, smtp: smtplib.SMTP, recipients: Sequence[str], code: int, said: bytes
    ) -> Outcome:
        """Give an answer that was for all recipients."""
        if code == _OVER:
            raise smtplib.SMTPServerDisconnected(self._said(code, said))
        self._start_over(smtp)
        return Outcome(tuple(self._answer(to, code, said) for to in recipients))

    def _start_over(self, smtp: smtplib.SMTP) -> None:
        """Forget a mail that was not taken; where even that fails, hang up."""
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.hang_up()

    def _connected(self) -> smtplib.SMTP:
        """Connect, encrypt and log in; what fails for good is told as a fault."""
        server = self._server
        try:
            smtp = self._opened()
            self._smtp = smtp
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                self._encrypted(smtp)
            if server.password is not None:
                self._logged_in(smtp, server.password)
        except ssl.SSLError as error:
            self.hang_up()
            raise Unreachable(self._fault("mail-not-secure", self._words(error), _TRUST)) from None
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            if not self._met and _lasting(error):
                fault = self._fault("mail-unreachable", self._words(error), _REACH)
                raise Unreachable(fault) from None
            raise Dropped(self._words(error)) from None
        self._met = True
        return smtp

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        port = server.port or PORTS[server.security]
        if server.security == "tls":
            context = self._context()
            return smtplib.SMTP_SSL(
                server.host, port, GREETING, timeout=server.wait, context=context
            )
        return smtplib.SMTP(server.host, port, GREETING, timeout=server.wait)

    def _context(self) -> ssl.SSLContext:
        """Trust whom the machine trusts, or the authorities that the settings name, and check."""
        try:
            return ssl.create_default_context(cafile=self._server.authorities or None)
        except (OSError, ssl.SSLError) as error:
            message = f"{self._server.authorities} has no certificates: {self._words(error)}."
            raise Misused(Fault("mail-not-secure", message, remedy=_TRUST)) from None

    def _encrypted(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            said = "it does not offer STARTTLS"
            self.hang_up()
            raise Unreachable(self._fault("mail-not-secure", said, _OTHERWISE))
        code, said_ = smtp.starttls(context=self._context())
        if code not in TAKEN:
            raise smtplib.SMTPResponseException(code, said_)
        smtp.ehlo()

    def _logged_in(self, smtp: smtplib.SMTP, password: Secret) -> None:
        """Log in by PLAIN or LOGIN (RFC 4954), which the encryption keeps to the two of us."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        smtp.user, smtp.password = self._server.user, password.reveal()
        try:
            if "PLAIN" in offered:
                smtp.auth("PLAIN", smtp.auth_plain)
            elif "LOGIN" in offered:
                smtp.auth("LOGIN", smtp.auth_login, initial_response_ok=False)
            else:
                said = "it offers neither PLAIN nor LOGIN"
                self.hang_up()
                raise Unreachable(self._fault("mail-login-refused", said, _LOGIN))
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code in LATER:
                raise
            said = self._said(error.smtp_code, error.smtp_error)
            self.hang_up()
            raise Unreachable(self._fault("mail-login-refused", said, _LOGIN)) from None

    def _fault(self, code: str, said: str, remedy: str) -> Fault:
        where = f"{self._server.host}:{self._server.port or PORTS[self._server.security]}"
        return Fault(code, f"The mail server {where} is not used: {said}.", remedy=remedy)

    def _answer(self, to: str, code: int, said: bytes) -> Answer:
        return Answer(to, code, self._said(0, said))

    def _said(self, code: int, said: bytes | str) -> str:
        """Give a server's words on one line, without anything that is secret."""
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        words = "".join(sign if sign.isprintable() else " " for sign in f"{code or ''} {text}")
        words = " ".join(words.split())[:300]
        return self._server.password.hidden_in(words) if self._server.password else words

    def _words(self, error: Exception) -> str:
        if isinstance(error, smtplib.SMTPResponseException):
            return self._said(error.smtp_code, error.smtp_error)
        if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib's own wording
            return "it did not answer in time"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({error.verify_message})"
        if isinstance(error, OSError) and error.strerror:
            return self._said(0, error.strerror)
        return self._said(0, str(error) or type(error).__name__).rstrip(".")


@contextmanager
def line_to(server: Server) -> Iterator[Line]:
    """Give a connection for some mails, and end it whatever happens."""
    line = Line(server)
    try:
        yield line
    except BaseException:
        line.hang_up()
        raise
    line.take_leave()


def refuse_open(server: Server) -> None:
    """Refuse to send what everybody on the way could read or change.

    Without encryption only a program on this machine is spoken to, and never with a password.
    """
    if server.security != "none" or (_here(server.host) and server.password is None):
        return
    what = "a password" if _here(server.host) else "mail"
    message = f"mail.security is none, and {what} goes only encrypted to {server.host}."
    raise Invalid(Fault("mail-not-secure", message, remedy=_ENCRYPT))


def _lasting(error: Exception) -> bool:
    """Say whether trying again soon would be of no use: nobody is there, or we are not wanted."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code not in LATER
    return not isinstance(error, smtplib.SMTPException)


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _stuffed(data: bytes) -> bytes:
    """Double the dots that lines begin with (RFC 5321, 4.5.2); `data` ends its lines with CRLF."""
    assert data.endswith(b"\r\n"), data[-2:]
    return (b"." + data if data.startswith(b".") else data).replace(b"\r\n.", b"\r\n..")


_OTHERWISE: Final = (
    "Set mail.security to tls, with its port (465); to none only for a server on this machine."
)
_ENCRYPT: Final = "Set mail.security to starttls or tls."
_REACH: Final = "Look at mail.host, mail.port and mail.security: q2c config list --origin."
_TRUST: Final = "Ask who runs the server; name the certificates to trust in mail.ca_file."
_LOGIN: Final = "Look at mail.user and at where the password comes from: q2c config list."
