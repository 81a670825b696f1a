"""Numbers of parties with check digits or a form of their own, as Peppol holds them."""

import re
from collections.abc import Callable
from typing import Final

from q2c.core.identifier import luhn_valid


def gln(number: str) -> bool:
    """Say whether it is a global location number: 13 digits, by 3 and 1 from the right (GS1)."""
    if not re.fullmatch(r"[0-9]{13}", number):
        return False
    sum_ = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(number)))
    return sum_ % 10 == 0


def norwegian(number: str) -> bool:
    """Say whether it is a Norwegian organisation number: nine digits, modulus 11."""
    if not re.fullmatch(r"[0-9]{9}", number):
        return False
    sum_ = sum(int(d) * (n % 6 + 2) for n, d in enumerate(reversed(number[:-1])))
    return (11 - sum_ % 11) % 11 == int(number[-1])


def belgian(number: str) -> bool:
    """Say whether it is a Belgian enterprise number: ten digits from 0 or 1, modulus 97."""
    formed = re.fullmatch(r"[01][0-9]{9}", number)
    return bool(formed) and int(number[8:]) == 97 - int(number[:8]) % 97


def swedish(number: str) -> bool:
    """Say whether it is a Swedish organisation number as Peppol has it: ten digits, Luhn."""
    return bool(re.fullmatch(r"[0-9]{10}", number)) and luhn_valid(number)


def luxembourgish(number: str) -> bool:
    """Say whether it is a VAT number of Luxembourg without its country: modulus 89."""
    return bool(re.fullmatch(r"[0-9]{8}", number)) and int(number[:6]) % 89 == int(number[6:])


def of_form(form: str) -> Callable[[str], bool]:
    """Ask whether a number has a form."""
    return lambda number: bool(re.fullmatch(form, number))


# The rule of each scheme of identifiers, what is asked of its numbers, and what they are.
SCHEMES: Final[tuple[tuple[str, str, Callable[[str], bool], str], ...]] = (
    ("R040", "0088", gln, "GLN of 13 digits"),
    ("R041", "0192", norwegian, "Norwegian organisation number"),
    ("R042", "0184", of_form(r"DK[0-9]{8}"), "Danish CVR number (DK and eight digits)"),
    ("R043", "0208", belgian, "Belgian enterprise number"),
    ("R049", "0007", swedish, "Swedish organisation number (ten digits)"),
    ("R052", "0096", of_form(r"[0-9]{10}"), "Danish P number (ten digits)"),
    ("R053", "0198", of_form(r"DK[0-9]{8}"), "Danish SE number (DK and eight digits)"),
    ("R054", "0106", of_form(r"[0-9]{8}"), "Dutch KVK number (eight digits)"),
    ("R055", "0190", of_form(r"[0-9]{20}"), "Dutch OIN (twenty digits)"),
    ("R056-1", "9944", of_form(r"NL[0-9]{9}B[0-9]{2}"), "Dutch VAT number"),
)
# The same of VAT numbers, by their country.
VAT_IDS: Final[tuple[tuple[str, str, Callable[[str], bool], str], ...]] = (
    ("R056-2", "NL", of_form(r"[0-9]{9}B[0-9]{2}"), "Dutch VAT number (NL123456789B12)"),
    ("R058", "LU", luxembourgish, "VAT number of Luxembourg (LU12345613)"),
    ("R062", "BE", belgian, "Belgian VAT number (BE0403170701)"),
)
