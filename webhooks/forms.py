"""The forms of the webhook pages."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from webhooks import outbound_http, payload
from webhooks.models import LONGEST_URL, Webhook

MOST = 5  # per partner


class WebhookForm(forms.Form):
    """Adds a webhook."""

    url = forms.URLField(
        label=_("Address"),
        max_length=LONGEST_URL,
        assume_scheme="https",
        help_text=_("The URL at which your system receives our calls, such as https://example.com/careline."),
        error_messages={"invalid": _("Enter a full address, such as https://example.com/careline.")},
    )

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = Webhook.objects.of_partner(partner)

    def clean_url(self):
        url = self.cleaned_data["url"].partition("#")[0]
        parts = urlsplit(url)
        if parts.scheme not in (("https", "http") if settings.WEBHOOKS_WITHIN else ("https",)):
            raise ValidationError(_("The address must start with https://."), code="scheme")
        if parts.username is not None:
            raise ValidationError(_("Remove the user name and password. Our signature proves that a call is from us."), code="password")
        if not settings.WEBHOOKS_WITHIN and _is_inside(parts.hostname):
            raise ValidationError(_("This address is in a private network, which we cannot call."), code="inside")
        if self.known.filter(url=url).exists():
            raise ValidationError(_("You already have a webhook with this address."), code="taken")
        if self.known.count() >= MOST:
            raise ValidationError(_("You already have %(most)s webhooks. Delete one first."), code="most", params={"most": MOST})
        return url


def _kinds():
    shown = '{} <code class="mono small faint">{}</code>'
    return [(kind.value, format_html(shown, kind.label, payload.event_type(kind))) for kind in payload.KINDS]


class KindsForm(forms.Form):
    """Chooses the events a webhook is called for. If all are selected none are stored, so that kinds added later are included."""

    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        choices=_kinds,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The webhook is called for the selected events only. If you select all, kinds of events added later are included."),
        error_messages={"required": _("Select at least one, or switch the webhook off.")},
    )

    def clean_kinds(self):
        kinds = self.cleaned_data["kinds"]
        return [] if len(set(kinds)) == len(payload.KINDS) else kinds


def _is_inside(host):
    """Return whether the host is the IP address of a private network; names are resolved at each call."""
    try:
        return not outbound_http.is_public_address(host)
    except ValueError:
        return False
