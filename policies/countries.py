"""Country names as people read and write them; rules and the API use ISO 3166 codes."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django_countries import countries

from policies.codes import Words

# fmt: off
WITH_ARTICLE = {
    "AE", "BS", "CF", "CK", "DO", "FK", "FO", "GB", "GM", "IM", "KM", "KY",
    "MH", "MP", "MV", "NL", "PH", "SB", "SC", "TC", "US", "VG", "VI",
}
# fmt: on
# Other names for countries than the English ones in ISO 3166: abbreviations, former names, parts, and names in their own languages.
ALSO_CALLED = {
    "AE": "UAE, Emirates",
    "AT": "Österreich",
    "BE": "België, Belgique",
    "CH": "Schweiz, Suisse, Svizzera",
    "CZ": "Czech Republic, Česko",
    "DE": "Deutschland",
    "DK": "Danmark",
    "ES": "España, Espana",
    "FI": "Suomi",
    "GB": "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland",
    "IE": "Republic of Ireland, Éire",
    "IT": "Italia",
    "LU": "Luxemburg",
    "MK": "Macedonia",
    "NL": "Holland, Nederland",
    "NO": "Norge",
    "PL": "Polska",
    "SE": "Sverige",
    "SK": "Slovak Republic",
    "TR": "Turkey",
    "US": "USA, U.S.A., U.S., United States, America",
}


def country_title(code):
    """Return the name of a country for use on its own; for an unknown country, its code."""
    return countries.name(code).removesuffix(" (The)") or code


def country_name(code):
    """Return the name of a country for use in a sentence: "the Netherlands"."""
    name = country_title(code)
    return _("the %(country)s") % {"country": name} if code in WITH_ARTICLE else name


def country_code(text):
    """Return the country code for a code or a common name, ignoring case; "" if it is neither."""
    wanted = text.strip().casefold().removeprefix("the ")
    return _codes().get(wanted, "")


@cache
def _codes():
    names = {name.removesuffix(" (The)").casefold(): code for code, name in countries}
    others = {name.casefold(): code for code, named in ALSO_CALLED.items() for name in named.split(", ")}
    return others | names | {code.casefold(): code for code in countries.countries}


@dataclass(frozen=True)
class Countries(Words):
    """Countries by their ISO 3166 codes, shown by their names."""

    pattern: str = r"[A-Z]{2}"

    def show(self, stored):
        return ", ".join(country_name(code) for code in stored) or super().show(stored)


COUNTRIES = Countries()
