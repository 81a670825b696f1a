"""The mail that a document goes in."""

from datetime import datetime
from typing import TYPE_CHECKING

from q2c.commands.call import recorded
from q2c.commands.sending.setup import Setup
from q2c.commands.sending.ways import Errand
from q2c.core.sending import message_id
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.eml import Mail


def mail_of(files: Tree, errand: Errand, setup: Setup) -> "Mail":
    """Write the mail of a document: by the workspace's template, else by that of q2c."""
    from q2c.documents.mail import mail_template, mail_text
    from q2c.documents.mailfacts import values
    from q2c.exchange.eml import Mail

    parcel = errand.parcel
    name = f"templates/mails/{parcel.kind}.{parcel.language}.md"
    own = files.read(name) if files.exists(name) else mail_template(parcel.kind, parcel.language)
    said = mail_text(own, values(parcel), parcel.language, name)
    return Mail(
        sender=setup.sender,
        to=errand.whom.to,
        copies=errand.whom.copies,
        hidden=setup.hidden,
        reply_to=setup.reply_to,
        subject=said.subject,
        text=said.text,
        html=said.html,
        files=parcel.files,
        message_id=message_id(
            parcel.number, parcel.papers, errand.left, setup.sender.domain, errand.turn
        ),
        written=datetime.fromisoformat(recorded()),
        language=parcel.language,
    )
