"""Partners, their contacts, resellers and end users."""

import unicodedata

from estate.demo.names import FAMILIES, PARTNERS, RESELLERS, TRADES

LABELS = ("technician", "accountant", "sales_manager")


def make():
    """Return the rows of the companies' files."""
    made = {"partners.csv": [], "contacts.csv": [], "resellers.csv": [], "end_users.csv": []}
    for company in PARTNERS:
        billing = f"billing@{company.domain}"
        place = (company.country, company.region, company.currency, company.timezone)
        made["partners.csv"].append((company.code, company.name, *place, billing, company.vat_number))
        made["contacts.csv"] += [
            (address(person, company), company.code, person, label) for person, label in zip(company.people, LABELS, strict=False)
        ]
        made["resellers.csv"] += _resellers(company)
        made["end_users.csv"] += _end_users(company)
    return made


def address(person, company):
    """Return the e-mail address of a person at a company: given name, dot, family name."""
    return f"{_ascii(person).lower().replace(' ', '.')}@{company.domain}"


def _resellers(company):
    for number, name in enumerate(RESELLERS[company.country][: company.resellers], 1):
        yield f"{company.code}-R{number}", company.code, name, f"office@{_domain(name)}"


def _end_users(company):
    trades, families = TRADES[company.country], FAMILIES[company.country]
    for index in range(company.end_users):
        # Pair the names differently in the second round, so that none occurs twice.
        family = families[(index + index // len(families)) % len(families)]
        name = trades[index % len(trades)].format(family)
        reseller = index % (company.resellers + 1)  # every so often one without a reseller
        yield (
            f"{company.code}-C{index + 1:02}",
            company.code,
            f"{company.code}-R{reseller}" if reseller else None,
            name,
            company.country,
            f"office@{_domain(name)}",
        )


def _domain(name):
    letters = [letter if letter.isalnum() else "-" for letter in _ascii(name).lower()]
    return "-".join(filter(None, "".join(letters).split("-"))) + ".example"


def _ascii(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
