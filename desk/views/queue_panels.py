"""Panels of the queue, or separate pages without JavaScript: filters, columns, and partner suggestions."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from desk.filters import USUAL_ORDER, DeskTicketFilter, order_of
from desk.models import Agent
from desk.pages import queue as page
from partners.gates import care_required
from partners.models import Partner, User
from web.user_input import parse_number, parse_text

OFFERED = 20


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        choices=[(key, label) for key, label in page.COLUMNS.items() if key != "subject"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def panel(request, template, context, status=200):
    """Render a panel alone for htmx, otherwise inside a desk page."""
    context |= {"panel": template, "here": page.address(request.GET)}
    return render(request, template if request.htmx else "desk/panel.html", context, status=status)


@require_safe
@care_required
def filters(request):
    """Show all filters, filled in with the current ones."""
    form = DeskTicketFilter(request.GET, user=request.user, now=timezone.now(), is_whole=True).form
    people = User.objects.care().order_by("full_name").values_list("email", "full_name")
    form.fields["owner"].widget = forms.Select(choices=[("", _("anyone")), ("me", _("me")), ("nobody", _("unassigned")), *people])
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        elif isinstance(field, forms.MultipleChoiceField):
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            field.use_fieldset = True
    order, _columns = order_of(request.GET.get("order", ""))
    context = {"form": form, "order": "" if order == USUAL_ORDER else order, "saved": parse_number(request.GET.get("saved", ""), digits=9)}
    context["boxes"] = [_boxes(form[name]) for name in ("status", "topic", "waiting_for", "outcome", "type")]
    context["fields"] = [form[name] for name in ("partner", "owner", "priority", "fee", "tag")]
    context["days"] = [form[f"{what}_{end}"] for what in ("created", "updated", "due") for end in ("from", "to")]
    return panel(request, "desk/_queue_filters.html", context)


def _boxes(field):
    ticked = {str(value) for value in field.value() or ()}
    return {"field": field, "chosen": [label for value, label in field.field.choices if str(value) in ticked]}


@require_safe
@care_required
def partners(request):
    """Return partners whose code or name starts with `partner`, as datalist options."""
    text = parse_text(request.GET.get("partner", ""), 100)
    found = Partner.objects.visible_to(request.user).search(text)[:OFFERED] if text else ()
    return render(request, "desk/_partner_options.html", {"partners": found})


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def columns(request):
    """Choose the queue's columns, which are stored per user."""
    if request.method != "POST":
        form = ColumnsForm(initial={"columns": page.columns_of(request.user)})
        return panel(request, "desk/_queue_columns.html", {"form": form})
    form = ColumnsForm(request.POST)
    if not form.is_valid():
        return panel(request, "desk/_queue_columns.html", {"form": form}, status=400)
    usual = "usual" in request.POST
    Agent.objects.update_or_create(user=request.user, defaults={"columns": [] if usual else ["subject", *form.cleaned_data["columns"]]})
    return redirect(f"{reverse('desk:queue')}?{page.address(request.GET)}")
