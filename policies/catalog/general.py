"""Values that govern every request: language, feedback."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.codes import Languages
from policies.units import PERCENT, DurationUnit

ENTRIES = (
    policy(
        "language.accepted", Languages(may_be_empty=False), ["en"], _("Requests may be written in these languages: {value}."), rule="GEN-1"
    ),
    policy(
        "language.min_confidence",
        PERCENT,
        "70",
        _("A text is treated as another language if language detection is at least {value} certain of it."),
        rule="GEN-1",
        assumed=True,
    ),
    policy(
        "satisfaction.change_period",
        DurationUnit("day"),
        "7 days",
        _("A partner’s feedback on a request can be changed once, within {value}."),
        rule="GEN-6",
        assumed=True,
    ),
)
