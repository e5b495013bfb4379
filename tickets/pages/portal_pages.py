"""The partner's own pages as somebody looks for them by words: what is looked up or done there without asking anybody."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from knowledge import matching


class Page(NamedTuple):
    """A page by the name of its URL: its picture, its title, what it is for, and what else it is asked for by, the likeliest first."""

    name: str
    icon: str
    title: str
    text: str
    called: str


PAGES = (
    Page(
        "portal:account",
        "receipt",
        _("Account"),
        _("Balance, fees and credits, invoices, and the calls of each month."),
        "balance invoice ledger statement paid pay payment owe transactions usage spending",
    ),
    Page(
        "portal:team",
        "users",
        _("Team"),
        _("Who of your company has access; invite a colleague, end an access."),
        "colleague user employee login permission staff people member invite add remove",
    ),
    Page("portal:resellers", "company", _("Resellers"), _("Your resellers and which end users are theirs."), "dealer add"),
    Page(
        "portal:customers",
        "company",
        _("End users"),
        _("Your end users, with their addresses and what they have."),
        "customers client add new",
    ),
    Page(
        "portal:mails",
        "mail",
        _("Your mails"),
        _("Of which requests of your colleagues you are told by mail."),
        "notification notify email subscribe unsubscribe follow",
    ),
    Page("portal:tokens", "hash", _("API tokens"), _("Access for your own programs."), "api key rest integration script developer"),
    Page(
        "portal:webhooks", "link", _("Webhooks"), _("Your own systems are told what happens."), "webhook callback notify push integration"
    ),
    Page(
        "account_change_password", "lock", _("Change the password"), _("The password with which you sign in."), "login credentials security"
    ),
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
        _("Which of your LifeTime PBXs owe support, and what stands in the way of an upgrade."),
        "yearly annual fee perpetual",
    ),
    Page(
        "portal:new",
        "plus",
        _("Compare prices and times"),
        _("Every kind of request, with what it costs and how long it takes."),
        "price list fee cost charge how much how long duration",
    ),
    Page(
        "help:rules",
        "scale",
        _("Rules"),
        _("Every rule that requests are judged by, with the figures of today and what is announced."),
        "policy policies terms conditions contract rulebook",
    ),
)
MOST = 2
BEGUN = 3  # letters of a title


def fitting(query):
    """The pages that fit what was typed, the best first: list of title, text, icon, url. One query at most."""
    said, known = query.strip().lower(), {page.name: page for page in PAGES}
    names = {page.name: (str(page.title).lower(), page.called) for page in PAGES}
    called_so = [name for name, titles in names.items() if len(said) >= BEGUN and any(title.startswith(said) for title in titles)]
    fit = matching.named(query, {page.name: (page.title, page.called, page.text) for page in PAGES}, most=MOST)
    pages = [known[name] for name in dict.fromkeys(called_so + fit)][:MOST]
    return [{"title": page.title, "text": page.text, "icon": page.icon, "url": reverse(page.name)} for page in pages]
