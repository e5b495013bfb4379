"""Countries in words, as people read them; rules and the API know them by their ISO 3166 codes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from policies.codes import Words

NAMES = {
    "AD": _("Andorra"),
    "AL": _("Albania"),
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BA": _("Bosnia and Herzegovina"),
    "BE": _("Belgium"),
    "BG": _("Bulgaria"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FO": _("the Faroe Islands"),
    "FR": _("France"),
    "GB": _("the United Kingdom"),
    "GI": _("Gibraltar"),
    "GR": _("Greece"),
    "HR": _("Croatia"),
    "HU": _("Hungary"),
    "IE": _("Ireland"),
    "IS": _("Iceland"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "LI": _("Liechtenstein"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "LV": _("Latvia"),
    "MC": _("Monaco"),
    "MD": _("Moldova"),
    "ME": _("Montenegro"),
    "MK": _("North Macedonia"),
    "MT": _("Malta"),
    "NL": _("the Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "RS": _("Serbia"),
    "SE": _("Sweden"),
    "SI": _("Slovenia"),
    "SK": _("Slovakia"),
    "SM": _("San Marino"),
    "TR": _("Türkiye"),
    "UA": _("Ukraine"),
    "US": _("the United States"),
    "VA": _("Vatican City"),
    "XK": _("Kosovo"),
}


def country_name(code):
    """The name of a country as it stands in a sentence; of one that is seldom met its code."""
    return str(NAMES.get(code, code))


@dataclass(frozen=True)
class Countries(Words):
    """Countries by their ISO 3166 codes, shown by their names."""

    pattern: str = r"[A-Z]{2}"

    def show(self, stored):
        return ", ".join(country_name(code) for code in stored) or super().show(stored)


COUNTRIES = Countries()
