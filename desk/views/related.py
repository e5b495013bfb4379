"""Tags, followers, links, merges, splits and follow-ups of a ticket."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.pages.ticket_forms import FailedForm
from desk.views.actions import act_on, action
from desk.views.ticket import shown
from partners.gates import care_required
from partners.models import User
from tickets.forms import MessageForm, OtherTicketForm, SplitForm, TagsForm
from tickets.services import followers, links, merging
from tickets.services import tags as tagging
from tickets.services.lifecycle import NotNow
from web.user_input import parse_number


@action
def tags(request, number):
    """Add tags, or remove one."""
    form = TagsForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        remove = [given["remove"]] if given["remove"] else []
        try:
            tagging.change(number, actor=request.user, at=timezone.now(), add=given["add"].split(","), remove=remove)
            return None
        except NotNow as refused:
            form.add_error("add", str(refused))
    return shown(request, number, sent=FailedForm("tags", form), status=400)


@require_safe
@care_required
def used_tags(request):
    """Return the tags in use as datalist options."""
    return render(request, "desk/ticket/_tags.html", {"tags": tagging.used(request.user)})


def _person(request):
    return get_object_or_404(User, pk=parse_number(request.POST.get("user", ""), digits=18))


@action
def follow(request, number):
    """Add a follower; without a `user`, the agent themselves."""
    person = _person(request) if request.POST.get("user") else request.user
    followers.follow(number, person, by=request.user, at=timezone.now())


@action
def unfollow(request, number):
    """Remove a follower."""
    followers.unfollow(number, _person(request), by=request.user, at=timezone.now())


@action
def link(request, number):
    """Link the ticket to another one."""
    return act_on(request, number, "link", OtherTicketForm(request.POST), links.link, _("Tickets linked."))


@action
def unlink(request, number):
    """Remove a link."""
    return act_on(request, number, "link", OtherTicketForm(request.POST), links.unlink, _("Link removed."))


@action
def merge(request, number):
    """Merge the ticket into another one and redirect to it."""
    told = _("#%(number)s has been merged into this ticket. You can undo the merge on the page of #%(number)s.") % {"number": number}
    return act_on(request, number, "link", OtherTicketForm(request.POST), merging.merge, told)


@action
def unmerge(request, number):
    """Undo a merge."""
    merging.unmerge(number, actor=request.user, at=timezone.now())
    messages.success(request, _("Merge undone. The ticket is as it was before, and we have told the partner."))


@action
def split(request, number):
    """Create a separate ticket from a message and redirect to it; ask for the subject first."""
    if "subject" in request.POST:
        form = SplitForm(request.POST, auto_id="split-%s")
        return act_on(request, number, "split", form, links.split, _("This is now a separate ticket."))
    said = links.may_split(number, parse_number(request.POST.get("event", ""), digits=18))
    first = next((line.strip() for line in said.body.splitlines() if line.strip()), "")
    asked = SplitForm(initial={"event": said.pk, "subject": first[:120]}, auto_id="split-%s")
    return shown(request, number, sent=FailedForm("split", asked))


@action
def follow_up(request, number):
    """Open a follow-up to a closed ticket and redirect to it."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    told = _("This is a follow-up to #%(number)s.") % {"number": number}
    return act_on(request, number, "follow_up", form, links.follow_up, told)
