"""What is typed on the pages about webhooks."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from webhooks import outside, telling
from webhooks.models import LONGEST_URL, Webhook

MOST = 5  # of one partner


class WebhookForm(forms.Form):
    """A new address."""

    url = forms.URLField(
        label=_("Address"),
        max_length=LONGEST_URL,
        assume_scheme="https",
        help_text=_("Where your system takes our calls, such as https://example.com/careline."),
        error_messages={"invalid": _("Write a whole address, such as https://example.com/careline.")},
    )

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = Webhook.objects.of_partner(partner)

    def clean_url(self):
        url = self.cleaned_data["url"].partition("#")[0]
        parts = urlsplit(url)
        if parts.scheme not in (("https", "http") if settings.WEBHOOKS_WITHIN else ("https",)):
            raise ValidationError(_("The address has to begin with https://."), code="scheme")
        if parts.username is not None:
            raise ValidationError(_("Leave name and password out: our signature shows who calls."), code="password")
        if not settings.WEBHOOKS_WITHIN and _is_inside(parts.hostname):
            raise ValidationError(_("This is the address of a private network, where we do not call."), code="inside")
        if self.known.filter(url=url).exists():
            raise ValidationError(_("This address is told already."), code="taken")
        if self.known.count() >= MOST:
            raise ValidationError(_("%(most)s addresses are told already. Delete one first."), code="most", params={"most": MOST})
        return url


def _kinds():
    shown = '{} <code class="mono small faint">{}</code>'
    return [(kind.value, format_html(shown, kind.label, telling.type_of(kind))) for kind in telling.KINDS]


class KindsForm(forms.Form):
    """What a webhook is told. All that is ticked is kept as none: whoever wants everything gets what comes to be later, too."""

    kinds = forms.MultipleChoiceField(
        label=_("News"),
        choices=_kinds,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It is not called for what is not ticked. With all of them it is also told of kinds that come to be later."),
        error_messages={"required": _("Choose at least one, or switch the webhook off.")},
    )

    def clean_kinds(self):
        kinds = self.cleaned_data["kinds"]
        return [] if len(set(kinds)) == len(telling.KINDS) else kinds


def _is_inside(host):
    """Whether it is written as an IP address that is not out in the world; a name is looked up at each call."""
    try:
        return not outside.is_outside(host)
    except ValueError:
        return False
