"""Context for the company pages: the company itself, its people and its change history."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import CompanyEvent, Partner, User
from web.paging import keyset

EVENTS = 15


@dataclass(frozen=True)
class CompanyContext:
    """The company a page is about and its viewer: a contact viewing their own in the portal, or staff viewing any at the desk."""

    user: User
    partner: Partner

    def url(self, name, **place):
        """Return the URL of one of this company's pages."""
        return reverse(f"{self.user.area}:{name}", kwargs=({"partner": self.partner.pk} if self.user.is_care else {}) | place)

    def shell(self, tab):
        """Return the context shared by the company's pages: its name and the tabs."""
        return shell(self.user, tab) | {"company": self.partner}


TABS = (
    ("team", gettext_lazy("Team")),
    ("resellers", gettext_lazy("Resellers")),
    ("customers", gettext_lazy("End users")),
    ("mails", gettext_lazy("Your e-mails")),
    ("tokens", gettext_lazy("API tokens")),
    ("webhooks", gettext_lazy("Webhooks")),
)


def links():
    """Return the portal pages of the user's own company as a list of name, title, url."""
    return [{"name": name, "title": title, "url": reverse(f"portal:{name}")} for name, title in TABS]


def shell(user, tab):
    """Return the tabs of the company pages as context; the desk has none."""
    pages = [] if user.is_care else links()
    return {"tabs": [{"label": page["title"], "url": page["url"], "active": page["name"] == tab} for page in pages]}


def person_row(person, office):
    """Return a contact as a row of the team list."""
    if not person.is_active:
        state = {"text": _("No access"), "tone": "", "icon": "ban"}
    elif person.last_login:
        state = {"text": _("Has access"), "tone": "ok", "icon": "check"}
    else:
        state = {"text": _("Not signed in yet"), "tone": "warn", "icon": "clock"}
    return {
        "person": person,
        "label": capfirst(person.get_label_display()),
        "state": state,
        "is_you": person.pk == office.user.pk,
        "url": office.url("person", person=person.pk),
        "send_url": office.url("send_link", person=person.pk) if person.is_active and not person.last_login else "",
    }


def invitation_row(invitation, office, *, now):
    """Return an invitation as a row of the team list, where it is shown until it is accepted or withdrawn."""
    has_expired = invitation.expires_at <= now
    state = (
        {"text": _("Invitation expired"), "tone": "bad", "icon": "clock"}
        if has_expired
        else {"text": _("Invited"), "tone": "info", "icon": "mail"}
    )
    return {
        "invitation": invitation,
        "label": capfirst(invitation.get_label_display()),
        "state": state,
        "send_url": office.url("invite_again", invitation=invitation.pk),
        "withdraw_url": office.url("withdraw_invitation", invitation=invitation.pk),
    }


def history(user, partner, kinds, request, *, name=""):
    """Return a page of the changes of these kinds to the company, newest first, as context: {events, events_page}; `name`: see `keyset`."""
    found = CompanyEvent.objects.visible_to(user).filter(partner=partner, kind__in=kinds).select_related("actor")
    page = keyset(found, ("-at", "-id"), request, size=EVENTS, name=name)
    return {"events": page.rows, "events_page": page}
