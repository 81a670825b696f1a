"""A page of another PDF made a form: what draws is kept, everything that acts is left behind.

Run as a program by `letterhead`, in a process of its own.
"""

from decimal import Decimal
from io import BytesIO
from typing import Final

import msgspec
import pikepdf
from pikepdf import Dictionary, Name

from q2c.documents.confined import work
from q2c.documents.foreign import Unusable, plain, unusable
from q2c.documents.foreigncopy import Copy
from q2c.documents.form import Form
from q2c.documents.letterhead import Pages

MOST_PAGES: Final = 2
A4: Final = (595.28, 841.89)
SLACK: Final = 4.0


def _form(page: pikepdf.Page) -> Form:
    """Make a page a form that begins at its lower left corner."""
    left, bottom, right, top = _box(page)
    about = (
        f"/BBox[{plain(left)} {plain(bottom)} {plain(right)} {plain(top)}]"
        f"/Matrix[1 0 0 1 {plain(-left)} {plain(-bottom)}]"
    )
    copy = Copy()
    resources = page.obj.get(Name.Resources, Dictionary())
    copy.parts[0] = copy.form(page.obj, resources, about, 0)
    return Form(float(right - left), float(top - bottom), tuple(copy.parts))


def _box(page: pikepdf.Page) -> tuple[Decimal, ...]:
    """Give the corners of a page, which must be as large as documents are."""
    left, bottom, right, top = (Decimal(str(edge)) for edge in page.cropbox)
    if int(page.obj.get(Name.Rotate, 0)) % 360:
        unusable("a page of it is turned on its side")
    if abs(float(right - left) - A4[0]) > SLACK or abs(float(top - bottom) - A4[1]) > SLACK:
        unusable("a page of it is not as large as A4")
    return left, bottom, right, top


def pages_of(data: bytes) -> Pages:
    """Make each page of a PDF a form, or say why that cannot be done."""
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                unusable(f"it has {len(pdf.pages)} pages")
            return Pages(forms=tuple(_form(page) for page in pdf.pages))
    except Unusable as why:
        return Pages(faults=(f"The letterhead cannot be used: {why}.",))
    except pikepdf.PasswordError:
        return Pages(faults=("The letterhead has a password.",))
    except Exception:  # noqa: BLE001 - a broken file can fail in any way
        return Pages(faults=("The letterhead is not a whole PDF.",))


if __name__ == "__main__":
    work(lambda data: msgspec.msgpack.encode(pages_of(data)))
