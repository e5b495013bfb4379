"""Who may see what: the one queryset method through which every row reaches a person."""

from dataclasses import dataclass

from django.db import models
from django.http import Http404

from engine.prepared import Given


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to a partner. `owner` is the lookup path from the row to its partner."""

    owner = "partner"

    def visible_to(self, user):
        """Staff see all rows, a contact its partner's, everybody else none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_care else self.of_partner(user.partner_id)

    def of_partner(self, partner):
        """The rows of one partner (a Partner or its id)."""
        return self.filter(**{self.owner: partner})


@dataclass(frozen=True)
class Reader:
    """Any active person of a kind, as `visible_to` looks at people, for a question that is prepared: the partner is given later."""

    is_care: bool
    is_active = is_authenticated = True
    partner_id = Given("reader_partner")


def asked_by(user, question, *variant, **given):
    """The rows of a prepared question (with Reader.is_care as the first of its variant) that this user may see, and of no other."""
    if not user.is_authenticated or not user.is_active:
        return []
    return question(user.is_care, *variant, reader_partner=user.partner_id, **given)


def one_of(user, question, **given):
    """The only row of such a question. Raises Http404 where there is none, or none that this user may see."""
    rows = asked_by(user, question, **given)
    if not rows:
        raise Http404
    return rows[0]


def owned(path):
    """The manager for a model whose partner is found along `path`, e.g. pbx__end_user__partner."""
    return type("OwnedRows", (OwnedQuerySet,), {"owner": path, "__module__": __name__}).as_manager()
