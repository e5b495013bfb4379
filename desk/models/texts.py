"""What agents write again and again: canned answers, and macros that do several things at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OwnedQuerySet(models.QuerySet):
    """Everybody's and one's own."""

    def visible_to(self, user):
        """What this agent sees (without an agent, what is everybody's)."""
        return self.filter(Q(owner=None) | Q(owner=user))

    def offered_to(self, user):
        """What this agent can use now."""
        return self.visible_to(user).filter(is_active=True)


class Owned(models.Model):
    """What an agent keeps under a title for itself, or a team lead for everybody."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # none: for all
    title = models.CharField(_("title"), max_length=100)
    is_active = models.BooleanField(_("is offered"), default=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    def may_be_changed_by(self, user):
        """Whether it is this agent's to change: one's own, and everybody's for team leads."""
        return self.owner_id == user.pk or (self.owner_id is None and user.may_override)


class CannedAnswer(Owned):
    """A text with variables like {partner.name}. Offered first where topic or type fit."""

    body = models.TextField(_("text"), max_length=10_000)
    topic = models.CharField(_("topic"), max_length=20, blank=True)
    type_code = models.CharField(_("type"), max_length=40, blank=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_canned_answer_has_one_title")]


class Macro(Owned):
    """Several actions under one name: [{"do": "tag", "value": "urgent"}, …], see desk/services/acting.py for what there is."""

    actions = models.JSONField(_("actions"), default=list)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "title"], nulls_distinct=False, name="a_macro_has_one_title")]
