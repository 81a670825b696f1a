"""How mail is set up here: the server, the sender, how fast and how patiently."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from q2c.commands.call import call
from q2c.core.fault import Fault, Held, Invalid
from q2c.core.party import Company
from q2c.core.sending import Mailbox, mailbox
from q2c.store.known import SETTINGS
from q2c.store.settings import found

if TYPE_CHECKING:
    from q2c.exchange.smtp import Security, Server


class Setup(Struct, frozen=True, kw_only=True):
    """What is set: values by name, who writes, who is answered, who gets a copy unseen."""

    settings: Mapping[str, str]
    sender: Mailbox
    reply_to: Mailbox | None = None
    hidden: tuple[Mailbox, ...] = ()
    rate: int = 0
    retries: int = 0


def settings_of_mail() -> dict[str, str]:
    """Give the settings of mail as text, by name."""
    root = call().root
    names = [setting.key for setting in SETTINGS if setting.key.startswith("mail.")]
    return {name: str(found(name, root, os.environ).value) for name in names}


def setup_of(company: Company, settings: Mapping[str, str]) -> Setup:
    """Say who writes mails for a company; refuse addresses that are none."""
    own = settings["mail.from"]
    if not (own or company.email):
        message = "It is not said whom mail is from."
        remedy = "Write email: into company.yaml, or set mail.from."
        raise Held(company.fault("mail-not-set-up", message, "", remedy))
    sender = mailbox(own) if own else mailbox(company.email, company.place("email"))
    if not sender.name:
        sender = Mailbox(company.name, sender.local, sender.domain)
    return Setup(
        settings=settings,
        sender=sender,
        reply_to=mailbox(settings["mail.reply_to"]) if settings["mail.reply_to"] else None,
        hidden=(mailbox(settings["mail.bcc"]),) if settings["mail.bcc"] else (),
        rate=int(settings["mail.rate"]),
        retries=int(settings["mail.retries"]),
    )


def server_of(settings: Mapping[str, str]) -> "Server":
    """Say which server takes our mail, with the password to log in with."""
    from q2c.exchange.smtp import Server, refuse_open
    from q2c.store.secrets import password

    secret = password(settings, os.environ)
    server = Server(
        host=settings["mail.host"],
        port=int(settings["mail.port"]),
        security=cast("Security", settings["mail.security"]),
        user=settings["mail.user"],
        password=secret,
        authorities=settings["mail.ca_file"],
        wait=float(settings["mail.timeout"] or 60),
    )
    if not server.host:
        message = "No mail server is set up."
        remedy = "Name it, q2c config set mail.host HOST, or write mails to files: --to eml"
        raise Held(Fault("mail-not-set-up", message, remedy=remedy))
    origin = found("mail.host", call().root, os.environ).origin
    if secret and origin == "repository" and not os.environ.get("CI"):
        message = "mail.host stands in q2c.toml, which others write to, and would get a password."
        remedy = (
            "Write mail.host into ~/.config/q2c/config.toml, beside where the password is from."
        )
        raise Invalid(Fault("mail-not-secure", message, remedy=remedy))
    refuse_open(server)
    return server
