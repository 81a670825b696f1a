"""Units as e-invoices name them: codes of UN/ECE Recommendation 20 for the words people write."""

from typing import Final

ONE: Final = "C62"  # where there is no better word

# The words of the ten languages of documents, and the short forms in use.
_WORDS: Final[dict[str, str]] = {
    "HUR": """h hr hrs hour hours tim timme timmar stunde stunden std heure heures tunti tuntia
        time timer timen t hora horas uur uren godzina godziny godzin godz""",
    "MIN": "min minute minutes minut minuter minuten minuutti minuuttia minuto minutos minuty",
    "SEC": "s sec second seconds sekund sekunder sekunde sekunden",
    "DAY": """d day days dag dagar tag tage jour jours päivä päivää pv dager dage día días dagen
        dzień dni""",
    "WEE": """week weeks wk vecka veckor woche wochen semaine semaines viikko viikkoa vk uke uker
        uge uger semana semanas weken tydzień tygodnie""",
    "MON": """month months mo mån månad månader monat monate mois kuukausi kuukautta kk måned
        måneder mnd mes meses maand maanden miesiąc miesiące""",
    "QAN": "quarter quarters qtr kvartal quartal quartale trimestre trimestres",
    "ANN": """year years yr år jahr jahre an ans année années vuosi vuotta v año años jaar jaren
        rok lata""",
    "H87": """pc pcs piece pieces st stk styck stycken stück stücke pièce pièces kpl kappale
        kappaletta stykk stykker pieza piezas pza stuk stuks szt sztuka sztuki""",
    "KMT": "km kilometer kilometre kilometres kilometers",
    "MTR": "m meter meters metre metres",
    "MTK": "m2 m² kvm sqm",
    "MTQ": "m3 m³ kbm",
    "KGM": "kg kilogram kilo",
    "GRM": "g gram",
    "TNE": "ton tonne tonnes",
    "LTR": "l liter litre litres",
    "KWH": "kwh",
    "MWH": "mwh",
    "AD": "byte bytes",
    "2P": "kb kilobyte",
    "4L": "mb megabyte",
    "E34": "gb gigabyte",
    "E35": "tb terabyte",
    "SET": "set sets",
    "ZP": "page pages sida sidor seite seiten",
}
_CODES: Final = {word: code for code, words in _WORDS.items() for word in words.split()}


def unit_code(word: str) -> str:
    """Give the code of a unit that people name by a word, or that of "one"."""
    return _CODES.get(word.strip().rstrip(".").casefold(), ONE)


def is_named(word: str) -> bool:
    """Say whether the code of a unit says what its word does."""
    return not word.strip() or unit_code(word) != ONE
