"""The team at the desk, and how each of it works."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from desk.models import Agent
from desk.pages import agents
from desk.services import team as services
from partners.gates import care_required
from tickets.filters import TOPIC_CHOICES
from web.number_fields import WholeNumberField

KEYS_HELP = gettext_lazy("Single letters act on pages of the desk. Ctrl-K goes on in any case.")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AbsenceForm(forms.ModelForm):
    """When somebody is away; on one's own page, how long one's replies can be taken back, too."""

    class Meta:
        model = Agent
        fields = ["away_from", "away_until"]
        widgets = {"away_from": DAY, "away_until": DAY}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "undo_seconds" in self.fields:
            self.fields["undo_seconds"].required = False

    def clean_undo_seconds(self):
        """A form without it changes nothing of it."""
        return self.cleaned_data["undo_seconds"] or self.instance.undo_seconds

    def clean(self):
        cleaned = super().clean()
        begun, until = cleaned.get("away_from"), cleaned.get("away_until")
        if begun and until and until < begun:
            self.add_error("away_until", _("The absence ends before it begins."))
        return cleaned


class AgentForm(AbsenceForm):
    """All of how somebody works; for leads."""

    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        choices=TOPIC_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: every topic."),
    )

    class Meta(AbsenceForm.Meta):
        fields = ["takes_tickets", "capacity", "topics", "away_from", "away_until"]
        field_classes = {"capacity": WholeNumberField}


@require_safe
@care_required
def team(request):
    """Everybody with load, capacity, topics and absence."""
    rows = agents.read(request.user, today=timezone.now().date())
    return render(request, "desk/team.html", {"rail_active": "team", "agents": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def agent(request, pk):
    """How one of the team works: leads set everything, others their own absence; keys and undo are everybody's own."""
    user = get_object_or_404(agents.staff(), pk=pk)
    if not services.may_edit(request.user, user):
        raise Http404
    kind = AgentForm if request.user.may_override else AbsenceForm
    if user == request.user:
        kind = forms.modelform_factory(
            Agent, form=kind, fields=[*kind.Meta.fields, "has_shortcuts", "undo_seconds"], help_texts={"has_shortcuts": KEYS_HELP}
        )
    row = Agent.objects.filter(user=user).first() or Agent(user=user)
    form = kind(request.POST or None, instance=row)
    if form.is_valid():
        services.save(user, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk:agents")
    context = {"rail_active": "team", "person": user, "form": form}
    return render(request, "desk/agent.html", context, status=400 if request.method == "POST" else 200)
