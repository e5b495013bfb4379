"""The regions a partner can be in, as used by the columns and lists of policy values."""

from django.utils.translation import gettext_lazy as _

from policies.codes import Choice, Words
from policies.tables import Table
from policies.units import MONEY

REGIONS = ("US", "UK", "EU", "OTHER")
REGION = Choice(REGIONS, called=(("EU", _("Europe")), ("OTHER", _("other regions"))))
REGION_LIST = Words(of=REGIONS, called=REGION.called)
AMOUNT_BY_REGION = Table(((_("region"), REGION), (_("amount"), MONEY)), words="{0} {1}", may_be_empty=True)
