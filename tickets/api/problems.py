"""API: the exceptions of services as problem responses."""

from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from tickets.api import corrections
from tickets.services import correcting
from tickets.services.execution import NotExecutable
from tickets.services.handling import Conflict
from tickets.services.lifecycle import NotNow
from tickets.services.submission import Denied, PriceNotAccepted
from web.problems import Invalid, Problem


@contextmanager
def answered(about=""):
    """Turn a service's refusal into a Problem: a denial is 422; a changed price or state is 409.

    Invalid input is 400, at the field the service names or else at `about`.
    """
    try:
        yield
    except Denied as refusal:
        detail = _("The policies do not allow this request; the verdict gives the reasons.")
        raise Problem(422, detail, kind="denied", verdict=refusal.verdict.as_json()) from None
    except NotExecutable as refusal:
        detail = _("This ticket cannot be executed as things stand: %(reasons)s") % {"reasons": " ".join(refusal.reasons)}
        raise Problem(422, detail, kind="not-executable", verdict=refusal.verdict.as_json()) from None
    except PriceNotAccepted as refusal:
        raise _price_not_accepted(refusal) from None
    except correcting.NotValid as flawed:
        raise Invalid.from_form(flawed.form) from None
    except correcting.Refused as refusal:
        raise corrections.refused(refusal) from None
    except Conflict as found:
        raise corrections.conflict(found) from None
    except NotNow as refusal:
        raise Problem(409, str(refusal), kind="not-now") from None
    except ValidationError as error:
        raise Invalid.from_error(error, about) from None
    except ObjectDoesNotExist:
        raise Http404 from None


def _price_not_accepted(refusal):
    """Return a Problem with the present charges and how to accept them."""
    verdict, total = refusal.verdict.as_json(), f"{refusal.verdict.price:.2f}"
    detail = _("The request has a price. Accept it by sending its total as accepted_charges.")
    if refusal.accepted and total == "0.00":
        detail = _("The request is free of charge: leave out accepted_charges.")
    elif refusal.accepted:
        detail = _("You accepted %(accepted)s, but the total is %(total)s. Accept it by sending this total as accepted_charges.")
        detail %= {"accepted": f"{refusal.accepted:.2f}", "total": total}
    return Problem(409, detail, kind="price-not-accepted", charges=verdict["charges"], total=total, verdict=verdict)
