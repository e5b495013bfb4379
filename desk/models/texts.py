"""Reusable texts and actions of agents: canned answers, and macros that combine several actions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OwnedQuerySet(models.QuerySet):
    """Shared rows and one's own."""

    def visible_to(self, user):
        """Return the rows that this agent can see (without an agent: the shared ones)."""
        return self.filter(Q(owner=None) | Q(owner=user))

    def offered_to(self, user):
        """Return the rows that this agent can use now."""
        return self.visible_to(user).filter(is_active=True)


class Owned(models.Model):
    """Base of what an agent keeps under a title for personal use, or a team lead for everybody."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # null: shared
    title = models.CharField(_("title"), max_length=100)
    is_active = models.BooleanField(_("available"), default=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    def may_be_changed_by(self, user):
        """Return whether this agent may change the row: it is their own, or it is shared and they are a team lead."""
        return self.owner_id == user.pk or (self.owner_id is None and user.may_override)


class CannedAnswer(Owned):
    """A text with variables like {partner.name}, listed first where its topic or type matches the ticket."""

    body = models.TextField(_("text"), max_length=10_000)
    topic = models.CharField(_("topic"), max_length=20, blank=True)
    type_code = models.CharField(_("type"), max_length=40, blank=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_canned_answer_has_one_title")]


class Macro(Owned):
    """Several actions under one title: [{"do": "tag", "value": "urgent"}, …]; see desk/services/action_types.py for the actions."""

    actions = models.JSONField(_("actions"), default=list)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_macro_has_one_title")]
