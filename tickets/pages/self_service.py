"""The partner's self-service pages as search results: pages to look something up or do it without a request."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge import matching


class Page(NamedTuple):
    """A page by its URL name: icon, title, purpose, and further search terms, the likeliest first."""

    name: str
    icon: str
    title: str
    text: str
    search_terms: str


PAGES = (
    Page(
        "portal:account",
        "receipt",
        _("Account"),
        _("Balance, fees and credits, invoices, and each month’s calls."),
        "balance invoice ledger statement paid pay payment owe transactions usage spending",
    ),
    Page(
        "portal:team",
        "users",
        _("Team"),
        _("See who in your company has access, invite a colleague or remove access."),
        "colleague user employee login permission staff people member invite add remove",
    ),
    Page("portal:resellers", "company", _("Resellers"), _("Your resellers and which end users are theirs."), "dealer add"),
    Page(
        "portal:customers",
        "company",
        _("End users"),
        _("Your end users, with their addresses and services."),
        "customers client add new",
    ),
    Page(
        "portal:mails",
        "mail",
        _("Your e-mails"),
        _("Choose which of your colleagues’ requests you get e-mails about."),
        "notification notify email subscribe unsubscribe follow",
    ),
    Page("portal:tokens", "hash", _("API tokens"), _("Access for your own programs."), "api key rest integration script developer"),
    Page(
        "portal:webhooks", "link", _("Webhooks"), _("Notify your own systems of what happens."), "webhook callback notify push integration"
    ),
    Page("account_change_password", "lock", _("Change password"), _("The password you sign in with."), "login credentials security"),
    Page(
        "portal:expirations",
        "calendar",
        _("Licences Expirations Calendar"),
        _("Which PBXs expire when, and what renews with them."),
        "expire expiry end renew renewal due date licence",
    ),
    Page(
        "portal:lifetime",
        "pbx",
        _("LifeTime PBXs"),
        _("Which of your LifeTime PBXs owe support, and what prevents an upgrade."),
        "yearly annual fee perpetual",
    ),
    Page(
        "portal:new",
        "plus",
        _("Compare prices and times"),
        _("Every type of request, with its price and how long it takes."),
        "price list fee cost charge how much how long duration",
    ),
    Page(
        "help:rules",
        "scale",
        _("Rules"),
        _("Every rule that requests are checked against, with today’s figures and announced changes."),
        "policy policies terms conditions contract rulebook",
    ),
)
MOST = 2
BEGUN = 3  # letters typed before titles are matched by their beginning


def matching_pages(query):
    """Return the pages that match the query, best first: list of title, text, icon, url. At most one query."""
    typed, known = query.strip().lower(), {page.name: page for page in PAGES}
    names = {page.name: (str(page.title).lower(), page.search_terms) for page in PAGES}
    called_so = [name for name, titles in names.items() if len(typed) >= BEGUN and any(title.startswith(typed) for title in titles)]
    fit = matching.matching_names(query, {page.name: (page.title, page.search_terms, page.text) for page in PAGES}, most=MOST)
    pages = [known[name] for name in dict.fromkeys(called_so + fit)][:MOST]
    return [{"title": page.title, "text": page.text, "icon": page.icon, "url": reverse(page.name)} for page in pages]
