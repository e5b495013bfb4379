"""The report of LifeTime PBXs (LIC-9): the yearly support cost, WMS version and available upgrade of each."""

from dataclasses import dataclass
from itertools import islice

from billing.amounts import round_to_cent
from pbx.console import with_console
from pbx.findings import finding_context, policy_in_words
from pbx.lifetime_rules import support_cost, support_policies, upgrade_of
from pbx.models import Pbx
from policies.models import PolicyValue
from web.user_input import name_matches, parse_text, starts_with

HEADER = (
    "pbx",
    "name",
    "partner",
    "end_user",
    "year",
    "list_price",
    "multiplier",
    "support_cost",
    "currency",
    "wms_version",
    "upgrade_to",
    "against",
)
BATCH = 500


@dataclass(frozen=True)
class Asked:
    """The year of support, and the filters of the list."""

    year: int
    partner: str
    q: str


def years(today):
    """Return the years that can be selected: the previous, the current and the next."""
    return range(today.year - 1, today.year + 2)


def asked(given, *, today):
    """Parse the query string of the page. Invalid values are ignored; the year defaults to the current one."""
    text = {name: parse_text(given.get(name, "")) for name in ("year", "partner", "q")}
    known = {str(year): year for year in years(today)}
    return Asked(known.get(text["year"], today.year), text["partner"], text["q"])


def pbxs(user, wanted):
    """Return the LifeTime PBXs in service that `user` may see, with the relations the rules read."""
    found = Pbx.objects.visible_to(user).filter(term=Pbx.Term.LIFETIME, terminated_on=None)
    if wanted.partner:
        found = found.filter(end_user__partner__code=wanted.partner)
    found = found.filter(starts_with(wanted.q, "serial") | name_matches(wanted.q, "name", "end_user__name"))
    return with_console(found).select_related("end_user__partner")


def rows(found, wanted, *, today):
    """Return each PBX with its support cost and its upgrade."""
    book = PolicyValue.objects.book(on=today)
    return [_row(pbx, wanted, book) for pbx in found]


def _row(pbx, wanted, book):
    upgrade = upgrade_of(pbx, book=book)
    return {
        "pbx": pbx,
        "currency": pbx.end_user.partner.currency,
        "support": support_cost(pbx, wanted.year, book=book),
        "upgrade": upgrade.version,
        "hindrances": [finding_context(finding) for finding in upgrade.hindrances],
    }


def policies(wanted, *, today):
    """Return the policy values behind the report, in words, as they apply to the year."""
    book = PolicyValue.objects.book(on=today)
    values = support_policies(wanted.year, book=book)
    values |= book.cite("lifetime.change_announced_on", "wms.upgrades", "wms.needs_matching_network")
    return [policy_in_words(code, values) for code in values]


def lines(user, wanted, *, today):
    """Yield the rows of the file, read from the database in batches."""
    found = pbxs(user, wanted).order_by("serial", "pk").iterator(chunk_size=BATCH)
    while some := list(islice(found, BATCH)):
        for row in rows(some, wanted, today=today):
            pbx, support = row["pbx"], row["support"]
            against = "; ".join(f"{one['rule']}: {one['message']}" for one in row["hindrances"])
            yield (
                pbx.serial,
                pbx.name,
                pbx.end_user.partner.code,
                pbx.end_user.name,
                wanted.year,
                round_to_cent(support.listed),
                support.multiplier.normalize(),
                round_to_cent(support.amount),
                row["currency"],
                pbx.wms_version,
                row["upgrade"],
                against,
            )
