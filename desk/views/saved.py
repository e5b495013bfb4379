"""Saved views: save what is asked under a name, rename, share, change, delete."""

import time

from django import forms
from django.contrib import messages
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.models import SavedView
from desk.pages import queue as page
from desk.pages import rail, saved
from desk.views.panels import panel
from partners.gates import care_required

REST = 4  # times as long as counting took, the counts are left alone afterwards
LONGEST = SavedView._meta.get_field("query").max_length


class SavedViewForm(forms.ModelForm):
    """Name and sharing; `query` is what the view will ask."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        help_texts = {"is_shared": gettext_lazy("Everybody of the care team finds it in the rail; you and team leads can change it.")}

    def clean_name(self):
        """A name that none of the owner's other views has."""
        name = self.cleaned_data["name"].strip()
        if SavedView.objects.filter(owner=self.instance.owner, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a view of this name already."))
        return name

    def clean(self):
        """The query fits into its column."""
        if len(self.instance.query) > LONGEST:
            raise forms.ValidationError(_("So many filters cannot be kept in one view: take some away."))
        return super().clean()


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def new(request):
    """Save what the address asks under a name."""
    view = SavedView(owner=request.user, query=page.address(request.GET, saved=False), created_at=timezone.now())
    form = SavedViewForm(request.POST or None, instance=view)
    if form.is_valid():
        return _to(form.save())
    context = {"form": form, "action": f"{reverse('desk:view_new')}?{view.query}"}
    return panel(request, "desk/_queue_save.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def view(request, pk):
    """Rename a view, or share it."""
    kept = _changeable(request, pk)
    form = SavedViewForm(request.POST or None, instance=kept)
    if form.is_valid():
        return _to(form.save())
    context = {"form": form, "action": reverse("desk:view", args=[pk]), "view": kept, "delete_url": reverse("desk:view_delete", args=[pk])}
    return panel(request, "desk/_queue_save.html", context, status=400 if form.errors else 200)


@require_POST
@care_required
def query(request, pk):
    """Let a view ask from now on what is asked now."""
    kept = _changeable(request, pk)
    kept.query = page.address(QueryDict(request.POST.get("query", "")), saved=False)
    if len(kept.query) > LONGEST:
        messages.error(request, _("So many filters cannot be kept in one view: take some away."))
    else:
        kept.save(update_fields=["query"])
    return _to(kept)


@require_POST
@care_required
def delete(request, pk):
    """Take a view away; the tickets stay as they are."""
    kept = _changeable(request, pk)
    kept.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": kept.name})
    return redirect("desk:queue")


@require_safe
@never_cache
@care_required
def counts(request):
    """The counts of the saved views of the rail as they are now: {"counts": {key: text}, "pause": milliseconds until the next question}.

    Asked every few seconds; what took long to count is asked for less often. Writes nothing.
    """
    begun = time.monotonic()
    counted = saved.counts(request.user, timezone.now())
    return JsonResponse({"counts": counted, "pause": round(1000 * REST * (time.monotonic() - begun))})


def _changeable(request, pk):
    kept = get_object_or_404(rail.saved_by(request.user), pk=pk)
    if not saved.may_change(kept, request.user):
        raise Http404
    return kept


def _to(kept):
    return redirect(rail.saved_url(kept.pk, kept.query))
