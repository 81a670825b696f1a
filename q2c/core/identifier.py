"""Numbers that carry check digits: organisations, accounts, payment references."""

import re

LONGEST_REFERENCE = 21  # characters of a creditor reference without RF and its check digits
# The carry of the Swiss check digit, modulus 10 recursive (Swiss QR-bill guidelines, annex B).
_CARRY = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_LETTERS = {letter: str(number) for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}


def luhn_digit(digits: str) -> str:
    """Give the check digit (modulus 10) that belongs after these digits."""
    sums = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        sums += doubled // 10 + doubled % 10
    return str(-sums % 10)


def luhn_valid(digits: str) -> bool:
    """Say whether the last digit is the check digit of those before it."""
    return bool(re.fullmatch(r"[0-9]{2,}", digits)) and luhn_digit(digits[:-1]) == digits[-1]


def swedish_organisation(number: str) -> bool:
    """Say whether it is a Swedish organisation number: ten digits, Luhn."""
    return bool(re.fullmatch(r"[0-9]{6}-?[0-9]{4}", number)) and luhn_valid(number.replace("-", ""))


def bankgiro(number: str) -> bool:
    """Say whether it is a Bankgiro number: seven or eight digits, Luhn."""
    return bool(re.fullmatch(r"[0-9]{3,4}-?[0-9]{4}", number)) and luhn_valid(
        number.replace("-", "")
    )


def plusgiro(number: str) -> bool:
    """Say whether it is a Plusgiro number: two to eight digits, Luhn."""
    digits = number.replace("-", "").replace(" ", "")
    return bool(re.fullmatch(r"[0-9]{2,8}", digits)) and luhn_valid(digits)


def swish_payee(number: str) -> bool:
    """Say whether it is the Swish number of a business: ten digits that begin with 123."""
    return bool(re.fullmatch(r"123[0-9]{7}", number.replace(" ", "")))


def iban(number: str) -> bool:
    """Say whether it is an IBAN by its form and check digits (ISO 13616, mod 97-10)."""
    plain = number.replace(" ", "")
    formed = re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain)
    return bool(formed) and _mod97(plain[4:] + plain[:4]) == 1


def ocr(base: str, *, length_digit: bool) -> str:
    """Make an OCR reference of digits: with its length digit if asked, and its check digit.

    The length digit is the whole length, both check digits counted, modulo 10:
    20260001 gives 2026000105.
    """
    assert re.fullmatch(r"[0-9]{1,23}", base), base
    counted = base + str((len(base) + 2) % 10) if length_digit else base
    return counted + luhn_digit(counted)


def rf(base: str) -> str:
    """Make a creditor reference (ISO 11649): 20260001 gives RF3120260001."""
    assert re.fullmatch(r"[A-Z0-9]{1,21}", base), base
    return f"RF{98 - _mod97(base + 'RF00'):02}{base}"


def qr_reference(base: str) -> str:
    """Make a QR reference (Swiss QR-bill): 26 digits and their check digit."""
    assert re.fullmatch(r"[0-9]{1,26}", base), base
    padded, carry = base.zfill(26), 0
    for digit in padded:
        carry = _CARRY[(carry + int(digit)) % 10]
    return f"{padded}{(10 - carry) % 10}"


def swiss_iban(number: str) -> bool:
    """Say whether an account is in Switzerland or Liechtenstein."""
    return number[:2].upper() in {"CH", "LI"}


def qr_iban(number: str) -> bool:
    """Say whether a Swiss account takes QR references alone: its bank is 30000 to 31999."""
    bank = number.replace(" ", "")[4:9]
    return swiss_iban(number) and bank.isdigit() and 30_000 <= int(bank) <= 31_999  # noqa: PLR2004 - the range that SIX set apart


def _mod97(text: str) -> int:
    return int("".join(_LETTERS.get(character, character) for character in text)) % 97


def digits(number: str) -> str:
    """Give the digits of a document's number, the base of its payment references."""
    return re.sub(r"[^0-9]", "", number)
