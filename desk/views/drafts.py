"""The composer: save drafts, send and unsend replies, and fill the suggestion lists."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.models import Draft
from desk.pages.ticket_forms import FailedForm
from desk.services import drafts, mentions
from desk.views.actions import action
from desk.views.ticket import shown
from knowledge.articles import articles as all_articles
from partners.gates import care_required
from tickets.forms import MessageForm
from tickets.services.lifecycle import NotNow
from tickets.views.ticket_actions import SAID
from web.user_input import parse_number

ARTICLES = 8


@action
def draft(request, number):
    """Save the draft. The composer calls this shortly after the last keystroke."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    text = form.cleaned_data["text"] if form.is_valid() else ""
    if form.errors and request.POST.get("text", "").strip():
        return HttpResponse(_("Draft not saved: the text is too long."), status=200, content_type="text/plain; charset=utf-8")
    set_status = request.POST.get("set_status", "")
    kept = drafts.keep(number, request.user, kind=_kind(request), text=text, set_status=set_status, at=timezone.now())
    return render(request, "desk/ticket/_draft_state.html", {"draft_saved_at": kept.saved_at if kept else None})


@action
def reply(request, number):
    """Send a reply, which can be undone for a while, or add an internal note (`kind`) immediately."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    files, now = request.FILES.getlist("attachments"), timezone.now()
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            if request.POST.get("kind") == "note":
                is_new = drafts.note(number, request.user, text, files=files, at=now).at == now
            else:
                status = request.POST.get("set_status", "")
                is_new = bool(drafts.send(number, request.user, text=text, set_status=status, files=files, at=now))
            if not is_new:
                messages.info(request, SAID)
            return redirect(f"{reverse('desk:ticket', args=[number])}#composer")
        except ValidationError as error:
            form.add_error("text", error)
        except NotNow as error:
            drafts.keep(number, request.user, kind=Draft.Kind.REPLY, text=text, at=now)
            form.add_error("text", str(error))
    form.lost(request.FILES)
    return shown(request, number, sent=FailedForm("reply", form), status=400)


@action
def unsend(request, number):
    """Undo a pending reply and return it to the composer."""
    drafts.take_back(parse_number(request.POST.get("draft", ""), digits=18), request.user, at=timezone.now())
    return redirect(f"{reverse('desk:ticket', args=[number])}#composer-text")


@action
def detach(request, number):
    """Remove a file from the draft; without JavaScript the text is submitted as well and saved."""
    drafts.detach(number, request.user, parse_number(request.POST.get("file", ""), digits=18))
    if request.htmx:
        kept, _sending = drafts.on_ticket(number, request.user)
        context = {"draft_files": kept.names if kept else [], "detach_url": request.path, "is_fewer": True}
        return render(request, "desk/ticket/_draft_files.html", context)
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if not form.is_valid() and request.POST.get("text", "").strip():
        return shown(request, number, sent=FailedForm("reply", form), status=400)
    given = {"text": form.cleaned_data.get("text", ""), "set_status": request.POST.get("set_status", "")}
    drafts.keep(number, request.user, kind=_kind(request), at=timezone.now(), **given)
    if request.POST.get("attachments"):
        messages.warning(request, _("Choose your new files again: the browser does not keep them."))
    return redirect(f"{reverse('desk:ticket', args=[number])}#composer")


def _kind(request):
    return Draft.Kind.NOTE if request.POST.get("kind") == "note" else Draft.Kind.REPLY


@require_safe
@care_required
def articles(request):
    """Return knowledge base articles with these words, for the list opened by `??`: [{title, text}]."""
    words = request.GET.get("q", "").lower().split()[:8]
    found = [a for a in all_articles().values() if all(word in a.words for word in words)][:ARTICLES]
    site = request.build_absolute_uri
    rows = [{"title": a.title, "hint": a.question, "text": f"{a.title}: {site(reverse('help:article', args=[a.slug]))}"} for a in found]
    return JsonResponse({"rows": rows})


@require_safe
@care_required
def people(request):
    """Return colleagues whose names contain these letters, for the list opened by `@@`: [{title, text}]."""
    found = mentions.people(request.GET.get("q", ""))
    return JsonResponse({"rows": [{"title": str(user), "hint": user.email, "text": f"@{user.full_name} "} for user in found]})
