"""What billing itself says on the lines of an invoice, in each language."""

from q2c.core.party import Text

BEYOND: Text = {
    "en": "Hours beyond the prepaid ones",
    "sv": "Timmar utöver de förbetalda",
    "de": "Stunden über die vorausbezahlten hinaus",
    "fr": "Heures au-delà de celles prépayées",
    "fi": "Ennakkoon maksetut ylittävät tunnit",
    "nb": "Timer utover de forhåndsbetalte",
    "da": "Timer ud over de forudbetalte",
    "es": "Horas que exceden las prepagadas",
    "nl": "Uren boven de vooruitbetaalde",
    "pl": "Godziny ponad opłacone z góry",
}
HOUR: Text = {
    "en": "h",
    "sv": "timme",
    "de": "Stunde",
    "fr": "heure",
    "fi": "tunti",
    "nb": "time",
    "da": "time",
    "es": "hora",
    "nl": "uur",
    "pl": "godzina",
}
LATE: Text = {
    "en": "Use reported after it was invoiced",
    "sv": "Användning som rapporterats efter fakturering",
    "de": "Nach der Abrechnung gemeldete Nutzung",
    "fr": "Consommation déclarée après facturation",
    "fi": "Laskutuksen jälkeen ilmoitettu käyttö",
    "nb": "Bruk rapportert etter fakturering",
    "da": "Forbrug indberettet efter fakturering",
    "es": "Consumo comunicado después de la facturación",
    "nl": "Verbruik gemeld na facturering",
    "pl": "Zużycie zgłoszone po zafakturowaniu",
}
PREPAID: Text = {
    "en": "used, of which prepaid",
    "sv": "använt, varav förbetalt",
    "de": "genutzt, davon vorausbezahlt",
    "fr": "consommés, dont prépayés",
    "fi": "käytetty, josta ennakkoon maksettu",
    "nb": "brukt, derav forhåndsbetalt",
    "da": "brugt, heraf forudbetalt",
    "es": "consumidos, de ellos prepagados",
    "nl": "verbruikt, waarvan vooruitbetaald",
    "pl": "zużyto, w tym opłacone z góry",
}
LEAST: Text = {
    "en": "Up to the agreed minimum",
    "sv": "Upp till avtalat minimum",
    "de": "Bis zum vereinbarten Mindestbetrag",
    "fr": "Jusqu’au minimum convenu",
    "fi": "Sovittuun vähimmäismäärään asti",
    "nb": "Opp til avtalt minimum",
    "da": "Op til det aftalte minimum",
    "es": "Hasta el mínimo acordado",
    "nl": "Tot het afgesproken minimum",
    "pl": "Do uzgodnionego minimum",
}
COMMITMENT: Text = {
    "en": "commitment",
    "sv": "åtagande",
    "de": "Verpflichtung",
    "fr": "engagement",
    "fi": "sitoumus",
    "nb": "forpliktelse",
    "da": "forpligtelse",
    "es": "compromiso",
    "nl": "verplichting",
    "pl": "zobowiązanie",
}
CAPPED: Text = {
    "en": "The highest amount is reached; work beyond it is not charged.",
    "sv": "Högsta beloppet är nått; arbete därutöver debiteras inte.",
    "de": "Der Höchstbetrag ist erreicht; weitere Arbeit wird nicht berechnet.",
    "fr": "Le montant maximal est atteint ; le travail au-delà n’est pas facturé.",
    "fi": "Enimmäismäärä on saavutettu; sen ylittävää työtä ei veloiteta.",
    "nb": "Det høyeste beløpet er nådd; arbeid utover det belastes ikke.",
    "da": "Det højeste beløb er nået; arbejde derudover faktureres ikke.",
    "es": "Se ha alcanzado el importe máximo; el trabajo que lo exceda no se cobra.",
    "nl": "Het maximumbedrag is bereikt; werk daarboven wordt niet berekend.",
    "pl": "Osiągnięto kwotę maksymalną; za dalszą pracę nie pobiera się opłat.",
}
LESS: Text = {
    "en": "Less than was invoiced",
    "sv": "Mindre än vad som fakturerats",
    "de": "Weniger als berechnet wurde",
    "fr": "Moins que ce qui a été facturé",
    "fi": "Vähemmän kuin laskutettiin",
    "nb": "Mindre enn det som er fakturert",
    "da": "Mindre end det fakturerede",
    "es": "Menos de lo facturado",
    "nl": "Minder dan gefactureerd",
    "pl": "Mniej, niż zafakturowano",
}
TAGGED: Text = {
    "en": "Tag {name}, commit {commit}",
    "sv": "Tagg {name}, commit {commit}",
    "de": "Tag {name}, Commit {commit}",
    "fr": "Étiquette {name}, commit {commit}",
    "fi": "Tunniste {name}, commit {commit}",
    "nb": "Tagg {name}, commit {commit}",
    "da": "Tag {name}, commit {commit}",
    "es": "Etiqueta {name}, commit {commit}",
    "nl": "Tag {name}, commit {commit}",
    "pl": "Tag {name}, commit {commit}",
}
DEPOSIT: Text = {
    "en": "Deposit {n} of {count}",
    "sv": "Förskott {n} av {count}",
    "de": "Anzahlung {n} von {count}",
    "fr": "Acompte {n} sur {count}",
    "fi": "Ennakko {n}/{count}",
    "nb": "Forskudd {n} av {count}",
    "da": "Forudbetaling {n} af {count}",
    "es": "Anticipo {n} de {count}",
    "nl": "Aanbetaling {n} van {count}",
    "pl": "Zaliczka {n} z {count}",
}
