"""What partners do about who reads a request of theirs, and about one that is closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import User
from tickets.forms import MessageForm
from tickets.services import followers, links
from tickets.views.acting import partner_action
from tickets.views.portal import shown
from web.typed import number_of


def _colleague(request):
    colleagues = User.objects.filter(partner=request.user.partner_id)
    return get_object_or_404(colleagues, pk=number_of(request.POST.get("user", ""), digits=18))


@partner_action
def follow(request, number):
    """Have a colleague told about the request, by the mails that its requester gets."""
    followers.follow(number, _colleague(request), by=request.user, at=timezone.now())


@partner_action
def unfollow(request, number):
    """Take a colleague off again."""
    followers.unfollow(number, _colleague(request), by=request.user, at=timezone.now())


@partner_action
def follow_up(request, number):
    """Go on with a closed request in a new one, whose page follows."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if not form.is_valid():
        return shown(request, number, message_form=form, status=400)
    new = links.follow_up(number, form.cleaned_data["text"], actor=request.user, at=timezone.now())
    messages.success(request, _("We have your follow-up, and answer it here."))
    return redirect("portal:request", new.pk)
