"""A request's followers on the partner's side, and the follow-up to a closed request."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import User
from tickets.forms import MessageForm
from tickets.services import followers, links
from tickets.views.portal import shown
from tickets.views.ticket_actions import partner_action
from web.user_input import parse_number


def _colleague(request):
    colleagues = User.objects.filter(partner=request.user.partner_id)
    return get_object_or_404(colleagues, pk=parse_number(request.POST.get("user", ""), digits=18))


@partner_action
def follow(request, number):
    """Add a colleague as a follower, who then gets the same e-mails as the requester."""
    followers.follow(number, _colleague(request), by=request.user, at=timezone.now())


@partner_action
def unfollow(request, number):
    """Remove a colleague as a follower."""
    followers.unfollow(number, _colleague(request), by=request.user, at=timezone.now())


@partner_action
def follow_up(request, number):
    """Continue a closed request in a new one, and redirect to its page."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if not form.is_valid():
        return shown(request, number, message_form=form, status=400)
    new = links.follow_up(number, form.cleaned_data["text"], actor=request.user, at=timezone.now())
    messages.success(request, _("We have received your follow-up and will reply here."))
    return redirect("portal:request", new.pk)
