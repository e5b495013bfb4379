"""The dated values that staff add on top of the catalogue."""

import json

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from policies.book import Overlay, PolicyBook


class PolicyValueQuerySet(models.QuerySet):
    def book(self, *, on):
        """The PolicyBook for requests made on the date `on`, with every added value. One query."""
        return PolicyBook(on, self.order_by("set_at", "pk"))


class PolicyValues(models.Manager.from_queryset(PolicyValueQuerySet)):
    """All of them, which every judgement reads: so the question is written out."""

    def book(self, *, on):
        """As PolicyValueQuerySet.book."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT code, valid_from, value, basis FROM policies_policyvalue ORDER BY set_at, id")
            return PolicyBook(on, [Overlay(code, day, json.loads(value), basis) for code, day, value, basis in cursor.fetchall()])


class PolicyValue(models.Model):
    """One policy value from a day on: added by a named person with a note, never edited, never deleted."""

    code = models.CharField(_("policy"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    value = models.JSONField(_("value"))
    basis = models.CharField(
        _("read at"),
        max_length=10,
        blank=True,
        choices=[("request", _("date of the request")), ("origin", _("origin of the thing judged"))],
    )
    note = models.CharField(_("note"), max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    objects = PolicyValues()

    class Meta:
        verbose_name = _("policy value")
        verbose_name_plural = _("policy values")
        ordering = ["code", "valid_from", "set_at"]
        indexes = [models.Index(fields=["code", "valid_from"], name="policy_value_by_code")]
        constraints = [
            models.CheckConstraint(condition=models.Q(basis__in=["", "request", "origin"]), name="a_policy_value_is_read_at_a_known_date"),
            models.CheckConstraint(condition=~models.Q(note=""), name="a_policy_value_has_a_note"),
        ]

    def __str__(self):
        return f"{self.code} from {self.valid_from}"
