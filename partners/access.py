"""Row-level access: the one queryset method through which rows reach users."""

from dataclasses import dataclass

from django.db import models
from django.http import Http404

from engine.prepared_queries import Parameter


class OwnedQuerySet(models.QuerySet):
    """A queryset of rows that belong to a partner. `owner` is the lookup path from a row to its partner."""

    owner = "partner"

    def visible_to(self, user):
        """Return the rows `user` may see: all of them for staff, the partner's own for a contact, none for anyone else."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_care else self.of_partner(user.partner_id)

    def of_partner(self, partner):
        """Return the rows of one partner (a Partner or its id)."""
        return self.filter(**{self.owner: partner})


@dataclass(frozen=True)
class Reader:
    """A stand-in for an active user in a prepared query, with the attributes `visible_to` reads; the partner is bound later."""

    is_care: bool
    is_active = is_authenticated = True
    partner_id = Parameter("reader_partner")


def visible_rows(user, question, *variant, **given):
    """Return only those rows of a prepared query that `user` may see. The first element of its variant is Reader.is_care."""
    if not user.is_authenticated or not user.is_active:
        return []
    return question(user.is_care, *variant, reader_partner=user.partner_id, **given)


def get_visible_or_404(user, question, **given):
    """Return the single row of such a query. Raise Http404 if there is none, or none that `user` may see."""
    rows = visible_rows(user, question, **given)
    if not rows:
        raise Http404
    return rows[0]


def owned(path):
    """Return the manager of a model whose partner is found along `path`, e.g. pbx__end_user__partner."""
    return type("OwnedRows", (OwnedQuerySet,), {"owner": path, "__module__": __name__}).as_manager()
