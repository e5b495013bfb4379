"""Assets and accounts as the care team sees them."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.views import account_of
from classound.usage import usage_months
from hwaas.discounts import discounts_of
from hwaas.models import Device
from partners.gates import care_required
from partners.models import Partner
from pbx.views import described
from policies.models import PolicyValue
from tickets.pages.related import readable


@require_safe
@care_required
def pbx(request, serial):
    """Show one PBX, as its partner also sees it."""
    return render(request, "pbx/page.html", described(request.user, serial, today=timezone.now().date()))


@require_safe
@care_required
def account(request, code):
    """Show a partner's account as the partner sees it (BIL-9), with its device discounts (HW-7)."""
    partner, today = get_object_or_404(Partner.objects.visible_to(request.user), code=code), timezone.now().date()
    book = PolicyValue.objects.book(on=today)
    context = account_of(request, partner, book=book, ticket_url="desk:ticket", readable=readable) | {
        "partner": partner,
        "tickets_url": f"{reverse('desk:queue')}?view=all&{partner.query}",
        "usage": usage_months(partner, today=today),
        "discounts": discounts_of(Device.objects.visible_to(request.user).of_partner(partner), book=book, today=today),
    }
    return render(request, "desk/account.html", context)
