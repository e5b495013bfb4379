"""Saved views: create, rename, share, update and delete."""

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
from desk.views.queue_panels import panel
from engine.partial_saves import save_only
from partners.gates import care_required

REST = 4  # pause between counts, as a multiple of the time the last count took
LONGEST = SavedView._meta.get_field("query").max_length


class SavedViewForm(forms.ModelForm):
    """Name and sharing of a view; its query is set on the instance."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        help_texts = {"is_shared": gettext_lazy("Everyone on the care team sees it in their sidebar. You and team leads can edit it.")}

    def save(self):
        """Save what the form shows: the query may have just been replaced, and a deleted view does not return."""
        save_only(self.instance, self._meta.fields)
        return self.instance

    def clean_name(self):
        """Require a name that is unique among the owner's views."""
        name = self.cleaned_data["name"].strip()
        if SavedView.objects.filter(owner=self.instance.owner, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You already have a view with this name."))
        return name

    def clean(self):
        """Require a query that fits its column."""
        if len(self.instance.query) > LONGEST:
            raise forms.ValidationError(_("This view has too many filters to save. Remove some of them."))
        return super().clean()


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def new(request):
    """Save the query in the address as a view."""
    view = SavedView(owner=request.user, query=page.address(request.GET, saved=False), created_at=timezone.now())
    form = SavedViewForm(request.POST or None, instance=view)
    if form.is_valid():
        return _to(form.save())
    context = {"form": form, "action": f"{reverse('desk:view_new')}?{view.query}"}
    return panel(request, "desk/_queue_save.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def view(request, pk):
    """Rename or share a view."""
    kept = _changeable(request, pk)
    form = SavedViewForm(request.POST or None, instance=kept)
    if form.is_valid():
        return _to(form.save())
    context = {"form": form, "action": reverse("desk:view", args=[pk]), "view": kept, "delete_url": reverse("desk:view_delete", args=[pk])}
    return panel(request, "desk/_queue_save.html", context, status=400 if form.errors else 200)


@require_POST
@care_required
def query(request, pk):
    """Replace a view's query with the current one."""
    kept = _changeable(request, pk)
    kept.query = page.address(QueryDict(request.POST.get("query", "")), saved=False)
    if len(kept.query) > LONGEST:
        messages.error(request, _("This view has too many filters to save. Remove some of them."))
    else:
        kept.save(update_fields=["query"])
    return _to(kept)


@require_POST
@care_required
def delete(request, pk):
    """Delete a view; its tickets are not affected."""
    kept = _changeable(request, pk)
    kept.delete()
    messages.success(request, _("View “%(name)s” deleted.") % {"name": kept.name})
    return redirect("desk:queue")


@require_safe
@never_cache
@care_required
def counts(request):
    """Return the current counts of the sidebar's saved views: {"counts": {key: text}, "pause": milliseconds until the next poll}.

    Polled every few seconds, less often if counting is slow. Writes nothing.
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
