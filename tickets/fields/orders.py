"""Fields for hardware orders."""

from django.utils.translation import gettext_lazy as _

from hwaas.models import Order
from policies.wording import day_in_full
from tickets.fields.base import Candidate, OneOf


class OrderField(OneOf):
    """A hardware order of the partner, by its number."""

    key, also = "number", ("tracking_number",)
    nothing = _("You have no orders yet.")
    unknown = _("%(value)s is not the number of one of your orders.")

    @classmethod
    def queryset(cls):
        return Order.objects.all()

    def candidate(self, order):
        return Candidate(order.number, order.number, _("placed on %(date)s") % {"date": day_in_full(order.placed_on)}, order)
