"""The picture of a signature: who signed, when and why, as it stands above the line."""

from datetime import datetime
from typing import Final

from q2c.documents.flow import wrapped
from q2c.documents.language import Language, day
from q2c.documents.pdf import Info, Pdf
from q2c.documents.pen import SMALL, TINY

HEIGHT: Final = 20.0
_NAME: Final = 9.0  # below the upper edge
_TIME: Final = 17.5


def stamp(lang: Language, name: str, when: datetime, told: str, wide: float) -> bytes:
    """Draw the picture as a page of its own size; what is too long for it is cut."""
    about = lang.say("signed_by", name=name)
    pdf = Pdf(Info(about, name, when, language=lang.code), (wide, HEIGHT))
    page = pdf.page()
    page.text(0, _NAME, wrapped(about, "bold", SMALL, wide)[0], "bold", SMALL)
    line = ", ".join(filter(None, (f"{day(lang, when)} {when:%H:%M} UTC", told)))
    page.text(0, _TIME, wrapped(line, "regular", TINY, wide)[0], "regular", TINY)
    return pdf.finish()
