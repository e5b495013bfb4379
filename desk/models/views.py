"""Saved views of the queue: named sets of filters with an order."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A named query of the queue, owned by one person and optionally shared with the team. `query` holds allow-listed keys only."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000, blank=True)
    is_shared = models.BooleanField(_("for the whole team"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="a_person_names_a_view_once")]

    def __str__(self):
        return self.name
