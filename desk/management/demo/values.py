"""Values that the demo's administrator has set: return addresses, and an announced fee, to show both in use."""

from dateutil.relativedelta import relativedelta

from partners.models import User
from policies.models import PolicyValue
from policies.services import add_value

# code, whether it takes effect with the month after next instead of today, value, note
VALUES = (
    (
        "rma.return_addresses",
        False,
        [["EU", "Careline Returns, Quay 4, 24103 Kiel, Germany"], ["US", "Careline Returns, 41 Harbor Street, Baltimore, MD 21230"]],
        "Where the warehouses receive returns.",
    ),
    ("fee.porting_date_change", True, "60", "Carriers charge more for a second appointment."),
)


def load(now):
    """Add a value for each of these policies that has none yet."""
    admin = User.objects.administrators().order_by("pk").first()
    if admin is None:
        return
    today = now.date()
    for code, is_announced, value, note in VALUES:
        if not PolicyValue.objects.filter(code=code).exists():
            add_value(code, today + relativedelta(day=1, months=2) if is_announced else today, value, note, admin, today)
