"""The care team and the settings of its members."""

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

KEYS_HELP = gettext_lazy("Single-letter shortcuts on desk pages. Ctrl-K always works.")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AbsenceForm(forms.ModelForm):
    """An agent's absence; on one's own page, also how long a reply can be undone."""

    class Meta:
        model = Agent
        fields = ["away_from", "away_until"]
        widgets = {"away_from": DAY, "away_until": DAY}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "undo_seconds" in self.fields:
            self.fields["undo_seconds"].required = False

    def clean_undo_seconds(self):
        """Keep the current value if the form does not include the field."""
        return self.cleaned_data["undo_seconds"] or self.instance.undo_seconds

    def clean(self):
        cleaned = super().clean()
        begun, until = cleaned.get("away_from"), cleaned.get("away_until")
        if begun and until and until < begun:
            self.add_error("away_until", _("The end date is before the start date."))
        return cleaned


class AgentForm(AbsenceForm):
    """All settings of an agent; for team leads."""

    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        choices=TOPIC_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Select none to cover every topic."),
    )

    class Meta(AbsenceForm.Meta):
        fields = ["takes_tickets", "capacity", "topics", "away_from", "away_until"]
        field_classes = {"capacity": WholeNumberField}


@require_safe
@care_required
def team(request):
    """List all agents with load, capacity, topics and absence."""
    rows = agents.read(request.user, today=timezone.now().date())
    return render(request, "desk/team.html", {"rail_active": "team", "agents": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def agent(request, pk):
    """Edit an agent's settings: leads edit all, agents their own absence; shortcuts and undo time only oneself."""
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
