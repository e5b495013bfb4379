"""Things of the estate as the care team sees them."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from partners.gates import care_required
from pbx.views import described


@require_GET
@care_required
def pbx(request, serial):
    """One PBX, as its partner sees it too."""
    context = described(request.user, serial, today=timezone.now().date())
    return render(request, "pbx/page.html", context | {"shell": "desk/base.html", "area": "desk"})
