"""What agents write again and again: canned answers, and macros that do several things at once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedAnswer(models.Model):
    """A text with variables like {partner.name}; shared, or its owner's. Offered first where topic or type fit."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # none: for all
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"), max_length=10_000)
    topic = models.CharField(_("topic"), max_length=20, blank=True)
    type_code = models.CharField(_("type"), max_length=40, blank=True)
    is_active = models.BooleanField(_("is offered"), default=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_canned_answer_has_one_title")]

    def __str__(self):
        return self.title


class Macro(models.Model):
    """Several actions under one name: [{"do": "tag", "value": "urgent"}, …], see desk/services/acting.py for what there is."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # none: for all
    title = models.CharField(_("title"), max_length=100)
    actions = models.JSONField(_("actions"), default=list)
    is_active = models.BooleanField(_("is offered"), default=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_macro_has_one_title")]

    def __str__(self):
        return self.title
