"""Templates of the workspace, looked over before anything is drawn or sent by them."""

from collections.abc import Iterator

from q2c.core.fault import Fault, Refused
from q2c.store.tree import Tree

FOLDERS = ("templates/contracts", "templates/letters", "templates/mails")


def template_faults(files: Tree) -> Iterator[Fault]:
    """Say what is wrong with each template; of a mail also which values it asks for in vain."""
    for folder in FOLDERS:
        for name in files.names(folder, ".md"):
            try:
                _read(files, name)
            except Refused as refused:
                yield from refused.faults


def _read(files: Tree, name: str) -> None:
    """Read a template as it is read where it is used."""
    from q2c.documents.mail import mail_text
    from q2c.documents.mailfacts import examples
    from q2c.documents.sandbox import read_template
    from q2c.store.plaintext import plain

    data = files.read(name)
    if name.startswith("templates/mails/"):
        mail_text(data, examples(), "en", name)
    else:
        read_template(plain(data, name), name)
