"""The settings that there are, and what each may be."""

from typing import Literal

from msgspec import Struct

Value = str | bool | int


class Setting(Struct, frozen=True):
    """A setting: its name in the file, the variable that also sets it, and what it may be.

    A person's own file counts `first` for what their machine reaches, and is the `only` one that
    may say where a secret comes from: who writes to a repository does not choose what the
    machines of others run, read or log in to.
    """

    key: str
    default: Value
    variable: str
    meaning: str
    choices: tuple[str, ...] = ()
    own: Literal["", "first", "only"] = ""


SETTINGS = (
    Setting(
        "output.color",
        "auto",
        "Q2C_COLOR",
        "whether a terminal is shown colours",
        ("auto", "always", "never"),
    ),
    Setting("user.name", "", "Q2C_USER_NAME", "who is recorded as having done something"),
    Setting("commit.auto", default=False, variable="Q2C_COMMIT", meaning="commit what is written"),
    Setting("mail.host", "", "Q2C_MAIL_HOST", "the server that takes our mail", own="first"),
    Setting("mail.port", 0, "Q2C_MAIL_PORT", "its port; 0 is the usual one", own="first"),
    Setting(
        "mail.security",
        "starttls",
        "Q2C_MAIL_SECURITY",
        "how what is sent is encrypted",
        ("starttls", "tls", "none"),
        own="first",
    ),
    Setting("mail.ca_file", "", "Q2C_MAIL_CA_FILE", "certificates to trust instead", own="first"),
    Setting("mail.user", "", "Q2C_MAIL_USER", "who logs in", own="first"),
    Setting(
        "mail.password_file", "", "Q2C_MAIL_PASSWORD_FILE", "the file with the password", own="only"
    ),
    Setting(
        "mail.password_command",
        "",
        "Q2C_MAIL_PASSWORD_COMMAND",
        "a command that says it",
        own="only",
    ),
    Setting(
        "mail.password_keyring",
        "",
        "Q2C_MAIL_PASSWORD_KEYRING",
        "its service in the keyring",
        own="only",
    ),
    Setting("mail.from", "", "Q2C_MAIL_FROM", "whom mail is from; else the company"),
    Setting("mail.reply_to", "", "Q2C_MAIL_REPLY_TO", "where answers go"),
    Setting("mail.bcc", "", "Q2C_MAIL_BCC", "who gets a copy that nobody sees"),
    Setting("mail.rate", 0, "Q2C_MAIL_RATE", "how many mails a minute; 0 is no limit"),
    Setting("mail.retries", 4, "Q2C_MAIL_RETRIES", "how often is tried again"),
    Setting("mail.timeout", 60, "Q2C_MAIL_TIMEOUT", "seconds that an answer may take"),
    Setting("sign.p12", "", "Q2C_SIGN_P12", "the PKCS#12 file to sign with", own="first"),
    Setting(
        "sign.passphrase_file",
        "",
        "Q2C_SIGN_PASSPHRASE_FILE",
        "the file with its passphrase",
        own="only",
    ),
    Setting(
        "sign.passphrase_command",
        "",
        "Q2C_SIGN_PASSPHRASE_COMMAND",
        "a command that says it",
        own="only",
    ),
    Setting(
        "sign.passphrase_keyring",
        "",
        "Q2C_SIGN_PASSPHRASE_KEYRING",
        "its service in the keyring",
        own="only",
    ),
    Setting(
        "sign.pkcs11_module",
        "",
        "Q2C_SIGN_PKCS11_MODULE",
        "the library of a card or token",
        own="only",
    ),
    Setting("sign.pkcs11_slot", -1, "Q2C_SIGN_PKCS11_SLOT", "its slot; -1 is any", own="only"),
    Setting("sign.pkcs11_label", "", "Q2C_SIGN_PKCS11_LABEL", "its key, by label", own="only"),
    Setting("sign.tsa", "", "Q2C_SIGN_TSA", "the authority that stamps times (RFC 3161)"),
    Setting(
        "sign.online",
        default=False,
        variable="Q2C_SIGN_ONLINE",
        meaning="look up revocations when signing for long",
    ),
)
KNOWN = {setting.key: setting for setting in SETTINGS}
