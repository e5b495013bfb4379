"""The form of a request with its live answer: for a partner's contact, and for an agent on a partner's behalf."""

import re
import uuid
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from billing.amounts import format_amount
from partners.gates import sign_in_required
from partners.models import Partner
from policies.models import PolicyValue
from policies.verdict import DENIED
from tickets import eligibility
from tickets.fields import IsoDateField, RowsField
from tickets.forms import RequesterForm
from tickets.pages import exceptions, prices, similar_requests, suggested_articles, verdicts
from tickets.services import submission
from tickets.services.attaching import check_all
from tickets.services.denied_attempts import count_denial
from tickets.types import TYPES
from web.user_input import parse_text, parse_uuid


@method_decorator(sign_in_required, name="dispatch")
class TypedView(View):
    """Base of the views for one type of request by one partner."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = self.now.date()

    @cached_property
    def book(self):
        """Today's policy values, read once per page."""
        return PolicyValue.objects.book(on=self.today)

    def dispatch(self, request, *args, **kwargs):
        self.kind = TYPES.get(kwargs["code"])
        if self.kind is None:
            raise Http404
        self.partner = request.user.partner or get_object_or_404(
            Partner.objects.visible_to(request.user), code=request.GET.get("partner", "").replace("\x00", "")
        )
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def asker(self):
        """The form for the person an agent files it for; None if a contact files it."""
        return RequesterForm(self.request.POST or None, partner=self.partner) if self.request.user.is_care else None

    def bound_form(self):
        return self.kind.form(self.request.POST, partner=self.partner)

    @property
    def override_reason(self):
        """A team lead's reason for overriding a rule; "" for everybody else."""
        if not self.request.user.may_override or not self.asker.is_bound:
            return ""
        self.asker.is_valid()
        return self.asker.cleaned_data.get("override_reason", "")

    def judged(self, form):
        """Return the verdict on the form so far, less what a team lead sets aside with a reason; None while nothing is answered."""
        verdict = judged(self.kind, form, self.book, self.now)
        return verdict and verdict.overridden(submission.overrides_for(verdict, self.override_reason, by=self.request.user))

    def asked(self, chosen):
        """Return the open requests about the chosen assets, shown beside the form."""
        user = self.request.user
        return {"asked": [similar_requests.row(ticket, user) for ticket in similar_requests.find(user, self.kind, self.partner, chosen)]}

    def exception(self, form, verdict, chosen):
        """Return the link with which a partner asks for an exception; at the desk, findings are set aside on the spot instead."""
        return {"exception": "" if self.request.user.is_care else exceptions.link(self.kind, form, verdict, chosen, now=self.now)}

    def offered(self, form):
        """Return the articles beside the form, with today's values."""
        return suggested_articles.offered(self.kind, form, book=self.book, own_pages=not self.request.user.is_care)


class RequestFormView(TypedView):
    """Show the form on GET, submit it on POST; with errors, the page is shown again with everything that was typed."""

    def get(self, request, code):
        return self.page(self.preset(request.GET), once=str(uuid.uuid4()))

    def preset(self, data):
        """Return an unbound form prefilled by a link, such as ?dids=+49… or ?locations-0-did=+39…, or by posted data."""
        many = {name for name, field in self.kind.form.base_fields.items() if getattr(field, "many", False)}
        given = {name: data.getlist(name) if name in many else data[name] for name in self.kind.form.base_fields if name in data}
        tables = {name: field.widget for name, field in self.kind.form.base_fields.items() if isinstance(field, RowsField)}
        rows = {name: widget.value_from_datadict(data, {}, name) for name, widget in tables.items()}
        given |= {name: found for name, found in rows.items() if found}
        return self.kind.form(partner=self.partner, initial=given)

    def post(self, request, code):
        if "look" in request.POST:  # without scripts: list a field's options that depend on another field
            return self.page(self.preset(request.POST), once=request.POST.get("once", ""))
        form, asker = self.bound_form(), self.asker
        files = request.FILES.getlist("attachments")
        once = request.POST.get("once", "")
        file_errors = _file_errors(files)
        if not all([form.is_valid(), asker is None or asker.is_valid(), not file_errors]):
            return self.page(form, once=once, file_errors=file_errors, status=400)
        asked = submission.Request(
            self.kind,
            form,
            (asker and asker.cleaned_data["requester"]) or request.user,
            accepted=_decimal(request.POST.get("accepted_charges", "")),
            key=parse_uuid(once),
            files=tuple(files),
            override_reason=self.override_reason,
            filed_by=request.user,
        )
        try:
            ticket = submission.submit(asked, at=self.now)
        except submission.Denied as denied:
            count_denial(self.kind, denied.verdict, day=self.today)
            return self.page(form, once=once, verdict=denied.verdict, status=422)
        except submission.PriceNotAccepted as price:
            return self.page(form, once=once, verdict=price.verdict, price_changed=True, status=409)
        messages.success(request, _("Request #%(number)s has been submitted.") % {"number": ticket.pk})
        return redirect("desk:ticket" if request.user.is_care else "portal:request", ticket.pk)

    def page(self, form, *, once, verdict=None, file_errors=(), price_changed=False, status=200):
        chosen = _chosen(form, self.request.POST or self.request.GET)
        query = f"?{self.partner.query}" if self.request.user.is_care else ""
        asking = "" if query else exceptions.link_from_list(self.kind)
        eligibility.fill_pickers(self.kind, form, chosen=chosen, book=self.book, today=self.today, query=query, exception=asking, look=True)
        bound = form if form.is_bound else self.kind.form(form.initial, partner=self.partner)
        if verdict is None and (form.is_bound or form.initial):
            verdict = self.judged(bound)
        _from_today(form, self.today)
        context = (
            answer_context(self.kind, verdict, self.partner, bound, self.book)
            | self.offered(form)
            | self.asked(chosen)
            | self.exception(bound, verdict, chosen)
            | {
                "type": self.kind,
                "price": prices.price_in_words(self.kind, self.partner, self.book),
                "price_later": prices.announced_price(self.kind, self.partner, self.book),
                "notes": self.kind.notes(self.book),
                "form": form,
                "asker": self.asker,
                "partner": self.partner,
                "query": query,
                "once": once,
                "file_errors": file_errors,
                "files_lost": bool(self.request.FILES),
                "price_changed": price_changed and self.prices(verdict),
                "price_unseen": price_changed and not self.prices(verdict),
            }
        )
        return render(self.request, "portal/request_form.html", context, status=status)

    def prices(self, verdict):
        """Return the accepted and the present price in words; None if no price had been shown."""
        then = _decimal(self.request.POST.get("accepted_charges", ""))
        if then is None:
            return None
        currency = verdict.charges[0].currency if verdict.charges else self.partner.currency
        return {"then": format_amount(then, currency), "now": format_amount(verdict.price, currency)}


class CheckView(TypedView):
    """Answer a partly filled form live. A POST because it carries the input; it changes nothing."""

    def post(self, request, code):
        form = self.bound_form()
        verdict = self.judged(form)
        chosen = _chosen(form, request.POST)
        context = answer_context(self.kind, verdict, self.partner, form, self.book) | {"flaws": flaws(form)}
        context |= self.offered(form) | self.asked(chosen) | self.exception(form, verdict, chosen)
        context["refreshed_fields"] = eligibility.fields_to_refresh(self.kind.form(partner=self.partner), request.POST, chosen)
        return render(request, "portal/_verdict.html", context)


class PickerView(TypedView):
    """Return rows of an asset picker that match its search; ticked rows stay."""

    def get(self, request, code, field):
        form = self.kind.form(partner=self.partner)
        if not isinstance(getattr(form.fields.get(field), "widget", None), eligibility.AssetPicker):
            raise Http404
        query = parse_text(request.GET.get("q", ""))
        chosen = request.GET.getlist(field)[:200]
        listed = eligibility.listed(self.kind, form, field, query=query, chosen=chosen, book=self.book, today=self.today)
        asked = form.fields[field]
        context = {"listed": listed, "name": field, "many": asked.many, "nothing": asked.nothing, "searched": query}
        context["exception"] = "" if request.user.is_care else exceptions.link_from_list(self.kind)
        return render(request, "tickets/fields/_picker_rows.html", context)


def judged(kind, form, book, now):
    """Return the verdict on the form so far, or None while none of the type's own fields is answered."""
    form.is_valid()
    answers = form.answers(at=now)
    if not any(answers.get(name) for name in kind.form.base_fields if name != "message"):
        return None
    return kind.judge(answers, book=book, today=now.date())


def flaws(form):
    """Return the invalid values as [{label, anchor, text}], for the answer beside the form; missing values do not count."""
    found = []
    for name, errors in form.errors.as_data().items():
        bound = form[name] if name in form.fields else None
        texts = [text for error in errors if error.code != "required" for text in error.messages]
        found += [{"label": bound.label if bound else "", "anchor": bound.auto_id if bound else "", "text": text} for text in texts]
    return found


def answer_context(kind, verdict, partner, form, book):
    """Return the context of the answer beside the form and of the send bar."""
    own = verdict.price_for(partner.code) if verdict else Decimal(0)
    return {
        "verdict": verdicts.shown(verdict, kind=kind, viewer_partner=partner) if verdict else None,
        "instead": kind.always_denied,
        "unasked": " ".join(sorted(kind.irrelevant_fields(form.answers(), book=book) - (form.errors.keys() if verdict else set()))),
        "by_override": bool(verdict) and any(finding.overridden for finding in verdict.findings) and verdict.outcome != DENIED,
        "asks_something": any(field.required for field in form.fields.values()),
        "incomplete": bool(verdict and form.errors),
        "flawed": bool(verdict and flaws(form)),
        "accepted": f"{verdict.price:.2f}" if verdict and verdict.charges else "",
        "submit_label": eligibility.submit_label(verdict, own),
        "can_submit": verdict is None or verdict.outcome != DENIED,
    }


def _from_today(form, today):
    """Let date pickers start today, as no request is about the past. Whether a day is possible is up to the verdict."""
    for field in form.fields.values():
        if isinstance(field, IsoDateField):
            field.widget.attrs["min"] = today.isoformat()


def _chosen(form, data):
    names = [name for name, field in form.fields.items() if isinstance(field.widget, eligibility.AssetPicker)]
    return {name: data.getlist(name) for name in names}


def _file_errors(files):
    try:
        check_all(files)
    except ValidationError as error:
        return error.messages
    return []


def _decimal(text):
    """Return the amount as sent by the form, "50.00"; None for any other text."""
    return Decimal(text) if re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", text, re.ASCII) else None
