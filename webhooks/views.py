"""The webhook pages of a partner, for everybody on its team."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engine.outages import Overtaken
from partners import audit_log, company
from partners.gates import contact_required
from partners.models import CompanyEvent, Partner
from tickets.services import event_reader
from webhooks import deliveries, pages, payload, signing
from webhooks.forms import MOST, KindsForm, WebhookForm
from webhooks.models import Webhook, WebhookCall

Kind = CompanyEvent.Kind


def _one(request, pk):
    return get_object_or_404(Webhook.objects.visible_to(request.user).select_related("made_by"), pk=pk)


def _locked(request, pk):
    """Return the webhook as it is now, locked: no colleague and no worker changes it before the transaction ends."""
    return get_object_or_404(Webhook.objects.visible_to(request.user).select_for_update(), pk=pk)


def _note(request, kind, webhook, detail=""):
    audit_log.record(webhook.partner, kind, webhook.url, actor=request.user, at=timezone.now(), detail=detail)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def webhooks(request):
    """List the webhooks, with a form to add one."""
    form = WebhookForm(request.POST if request.method == "POST" else None, partner=request.user.partner_id)
    if form.is_valid():
        made = {"made_by": request.user, "made_at": timezone.now(), "seen_event": event_reader.last_event()}
        with transaction.atomic():
            Partner.objects.select_for_update(no_key=True).get(pk=request.user.partner_id)  # colleagues add them one after the other
            if form.known.count() >= MOST:
                raise Overtaken
            one = Webhook.objects.create(partner=request.user.partner, url=form.cleaned_data["url"], **made)
            _note(request, Kind.WEBHOOK_ADDED, one)
        messages.success(request, _("Webhook added. Save its secret, then send a test call."))
        return redirect("portal:webhook", one.pk)
    shown = {"form": form, "webhooks": [pages.row(one) for one in Webhook.objects.visible_to(request.user)]}
    return render(request, "company/webhooks.html", company.shell(request.user, "webhooks") | shown, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def webhook(request, pk):
    """Show a webhook: its secret, state and latest calls; a POST chooses the events it is called for from now on."""
    one = _one(request, pk)
    form = KindsForm(request.POST if request.method == "POST" else None, initial={"kinds": one.kinds or payload.KINDS})
    if form.is_valid():
        with transaction.atomic():
            one = _locked(request, pk)
            one.kinds = form.cleaned_data["kinds"]
            one.save(update_fields=["kinds"])
            _note(request, Kind.WEBHOOK_CHANGED, one, detail=pages.events_in_words(one))
        messages.success(request, _("Saved. The change applies to events from now on."))
        return redirect("portal:webhook", pk)
    shown = company.shell(request.user, "webhooks") | pages.page(one, at=timezone.now(), form=form)
    return render(request, "company/webhook.html", shown, status=400 if form.errors else 200)


@never_cache
@require_safe
@contact_required
def calls(request, pk):
    """Return the list of the latest calls alone, polled while a call is pending."""
    return render(request, "company/_calls.html", pages.calls(_one(request, pk), at=timezone.now()))


@require_POST
@contact_required
def try_out(request, pk):
    """Make a test call."""
    with transaction.atomic():
        one = _locked(request, pk)
        if one.off_at:
            messages.error(request, _("This webhook is switched off."))
        elif one.calls.filter(event=None, sent_at=None).exists():
            messages.info(request, _("A test call is already on its way."))
        else:
            deliveries.send_test(one, at=timezone.now())
    return redirect("portal:webhook", pk)


@require_POST
@contact_required
def again(request, pk, call):
    """Repeat a call."""
    found = get_object_or_404(WebhookCall.objects.visible_to(request.user), webhook=pk, pk=call, webhook__off_at=None)
    with transaction.atomic():
        deliveries.retry(found)
    return redirect("portal:webhook", pk)


@require_POST
@contact_required
def switch(request, pk):
    """Switch the webhook on or off, as the button says; do nothing if it already is."""
    is_on = request.POST.get("on") == "1"
    with transaction.atomic():
        one = _locked(request, pk)
        if is_on != (one.off_at is None):
            if is_on:
                deliveries.switch_on(one)
            else:
                deliveries.switch_off(one, at=timezone.now())
            _note(request, Kind.WEBHOOK_ON if is_on else Kind.WEBHOOK_OFF, one)
    done = _("Webhook switched on. It is called for events from now on.") if is_on else _("Webhook switched off. It is no longer called.")
    messages.success(request, done)
    return redirect("portal:webhook", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def renew(request, pk):
    """Ask for confirmation, then create a new secret."""
    one = _one(request, pk)
    if request.method == "POST":
        with transaction.atomic():
            one = _locked(request, pk)
            Webhook.objects.filter(pk=pk).update(generation=one.generation + 1, renewed_at=timezone.now())
            _note(request, Kind.WEBHOOK_RENEWED, one)
        messages.success(request, _("This is the new secret. The previous one remains valid for another day."))
        return redirect("portal:webhook", pk)
    points = [
        _("For %(hours)s hours, calls are signed with both secrets, so that you lose none while you replace it.")
        % {"hours": signing.OVERLAP // timedelta(hours=1)},
        _("After that, the current secret is no longer valid."),
    ]
    return _confirm(request, one, title=_("Create a new secret?"), points=points, action=_("Create a new secret"))


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def delete(request, pk):
    """Ask for confirmation, then delete the webhook."""
    one = _one(request, pk)
    if request.method == "POST":
        with transaction.atomic():
            one = _locked(request, pk)
            _note(request, Kind.WEBHOOK_DELETED, one)
            deliveries.delete(one)
        messages.success(request, _("Webhook deleted."))
        return redirect("portal:webhooks")
    points = [
        _("%(url)s is no longer called.") % {"url": one.url},
        _("Its secret and its list of calls are deleted. The history of your requests is kept."),
    ]
    return _confirm(request, one, title=_("Delete this webhook?"), points=points, action=_("Delete"))


def _confirm(request, one, **shown):
    context = company.shell(request.user, "webhooks") | shown | {"cancel_url": pages.url("webhook", one)}
    return render(request, "company/confirm.html", context)
