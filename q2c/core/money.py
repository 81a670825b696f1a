"""Amounts of money: whole minor units with their currency, and the few ways to round."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import lcm

from msgspec import Struct

# ISO 4217: the active currencies, and how many decimals those have that do not have two.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


# Sums and products of decimals are exact under it; a division is, wherever it comes out even.
EXACT = Context(prec=500, rounding=ROUND_HALF_UP)


def added(numbers: Iterable[Decimal]) -> Decimal:
    """Add numbers exactly, however many digits they have; none of them add up to nothing."""
    result = Decimal(0)
    for number in numbers:
        result = EXACT.add(result, number)
    return result


def decimal(exact: Fraction | int) -> Decimal:
    """Give a fraction as a decimal: exactly where it has an end, else to 500 digits."""
    return EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def decimals(currency: str) -> int:
    """Say how many decimals a currency has (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


def rounded(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round half away from zero, exactly."""
    assert denominator > 0, denominator
    half = (2 * abs(numerator) + denominator) // (2 * denominator)
    return half if numerator >= 0 else -half


def _minor(amount: Decimal, places: int) -> int:
    return int(EXACT.to_integral_value(EXACT.scaleb(amount, places)))


class Money(Struct, frozen=True):
    """A whole number of a currency's minor units: 1 450.00 SEK is 145000 öre."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | Fraction | int, currency: str) -> "Money":
        """Round an amount in major units to minor units, half away from zero."""
        if type(amount) is Decimal:
            return cls(_minor(amount, decimals(currency)), currency)
        exact = Fraction(amount) * 10 ** decimals(currency)
        return cls(rounded(exact.numerator, exact.denominator), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with the currency's decimals."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, (self, other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, (self, other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def share(self, part: Fraction | Decimal) -> "Money":
        """Take a part of the amount, rounded half away from zero."""
        if type(part) is Decimal:
            return Money(
                int(EXACT.to_integral_value(EXACT.multiply(part, self.minor))), self.currency
            )
        exact = Fraction(part) * self.minor
        return Money(rounded(exact.numerator, exact.denominator), self.currency)

    def __str__(self) -> str:
        return f"{grouped(self.amount)} {self.currency}"


def grouped(number: Decimal) -> str:
    """Write a number with a space between thousands, as terminals show it."""
    return f"{number:,f}".replace(",", " ")


def zero(currency: str) -> Money:
    """Give nothing of a currency."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts of one currency; none of them add up to nothing."""
    result = zero(currency)
    for amount in amounts:
        result += amount
    return result


def allocate(whole: Money, weights: Sequence[Fraction | Decimal | int]) -> tuple[Money, ...]:
    """Split an amount by weights so that the parts add up to it.

    Each part is first cut down to whole minor units; the units left over go one each to
    the largest remainders, ties in the order given. Weights are not negative and not all zero.
    """
    exact = [Fraction(weight) for weight in weights]
    assert exact, "an amount is split over at least one weight"
    assert all(weight >= 0 for weight in exact), weights
    assert any(exact), weights
    scale = lcm(*(weight.denominator for weight in exact))
    whole_weights = [weight.numerator * (scale // weight.denominator) for weight in exact]
    together = sum(whole_weights)
    sign, size = (-1, -whole.minor) if whole.minor < 0 else (1, whole.minor)
    shares = [divmod(size * weight, together) for weight in whole_weights]
    parts = [part for part, _ in shares]
    order = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return tuple(Money(sign * part, whole.currency) for part in parts)


def exchange(amount: Money, rate: Decimal, currency: str) -> Money:
    """Express an amount in another currency at a stated rate, rounded half away from zero.

    The rate is units of the new currency for one unit of the old.
    """
    return Money.of(Fraction(amount.amount) * Fraction(rate), currency)
