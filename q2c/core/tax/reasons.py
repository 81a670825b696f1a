"""Why no VAT is charged, in the words that a document of each language says it with.

Where the customer owes the tax, the words are those that article 226(11a) of Directive
2006/112/EC asks for in its versions of each language.
"""

from q2c.core.party import LanguageCode

REVERSE_CHARGE: dict[LanguageCode, str] = {
    "en": "Reverse charge, Article 196 Directive 2006/112/EC",
    "sv": "Omvänd betalningsskyldighet, artikel 196 direktiv 2006/112/EG",
    "de": "Steuerschuldnerschaft des Leistungsempfängers, Artikel 196 Richtlinie 2006/112/EG",
    "fr": "Autoliquidation, article 196 de la directive 2006/112/CE",
    "fi": "Käännetty verovelvollisuus, direktiivin 2006/112/EY 196 artikla",
    "nb": "Omvendt avgiftsplikt, artikkel 196 i direktiv 2006/112/EF",
    "da": "Omvendt betalingspligt, artikel 196 i direktiv 2006/112/EF",
    "es": "Inversión del sujeto pasivo, artículo 196 de la Directiva 2006/112/CE",
    "nl": "Btw verlegd, artikel 196 Richtlijn 2006/112/EG",
    "pl": "Odwrotne obciążenie, art. 196 dyrektywy 2006/112/WE",
}
INTRA_COMMUNITY: dict[LanguageCode, str] = {
    "en": "Intra-Community supply, Article 138 Directive 2006/112/EC",
    "sv": "Unionsintern leverans, artikel 138 direktiv 2006/112/EG",
    "de": "Steuerfreie innergemeinschaftliche Lieferung, Artikel 138 Richtlinie 2006/112/EG",
    "fr": "Livraison intracommunautaire exonérée, article 138 de la directive 2006/112/CE",
    "fi": "Veroton yhteisömyynti, direktiivin 2006/112/EY 138 artikla",
    "nb": "Fritatt levering innen EU, artikkel 138 i direktiv 2006/112/EF",
    "da": "Momsfri levering inden for EU, artikel 138 i direktiv 2006/112/EF",
    "es": "Entrega intracomunitaria exenta, artículo 138 de la Directiva 2006/112/CE",
    "nl": "Intracommunautaire levering, artikel 138 Richtlijn 2006/112/EG",
    "pl": "Wewnątrzwspólnotowa dostawa towarów, art. 138 dyrektywy 2006/112/WE",
}
EXPORT_GOODS: dict[LanguageCode, str] = {
    "en": "Export outside the EU, Article 146 Directive 2006/112/EC",
    "sv": "Export utanför EU, artikel 146 direktiv 2006/112/EG",
    "de": "Steuerfreie Ausfuhr in ein Drittland, Artikel 146 Richtlinie 2006/112/EG",
    "fr": "Exportation hors de l’UE, article 146 de la directive 2006/112/CE",
    "fi": "Vienti EU:n ulkopuolelle, direktiivin 2006/112/EY 146 artikla",
    "nb": "Utførsel fra EU, artikkel 146 i direktiv 2006/112/EF",
    "da": "Udførsel fra EU, artikel 146 i direktiv 2006/112/EF",
    "es": "Exportación fuera de la UE, artículo 146 de la Directiva 2006/112/CE",
    "nl": "Uitvoer buiten de EU, artikel 146 Richtlijn 2006/112/EG",
    "pl": "Eksport poza UE, art. 146 dyrektywy 2006/112/WE",
}
EXPORT_SERVICE: dict[LanguageCode, str] = {
    "en": "Service supplied outside the EU, Article 44 Directive 2006/112/EC",
    "sv": "Tjänst omsatt utanför EU, artikel 44 direktiv 2006/112/EG",
    "de": "Außerhalb der EU erbrachte Leistung, Artikel 44 Richtlinie 2006/112/EG",
    "fr": "Service fourni hors de l’UE, article 44 de la directive 2006/112/CE",
    "fi": "EU:n ulkopuolelle myyty palvelu, direktiivin 2006/112/EY 44 artikla",
    "nb": "Tjeneste levert utenfor EU, artikkel 44 i direktiv 2006/112/EF",
    "da": "Ydelse leveret uden for EU, artikel 44 i direktiv 2006/112/EF",
    "es": "Servicio prestado fuera de la UE, artículo 44 de la Directiva 2006/112/CE",
    "nl": "Dienst verricht buiten de EU, artikel 44 Richtlijn 2006/112/EG",
    "pl": "Usługa świadczona poza UE, art. 44 dyrektywy 2006/112/WE",
}
