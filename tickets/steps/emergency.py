"""The validation of emergency addresses (DID-10): the care team checks each one and the partner corrects those sent back,
until every number has a valid address or is left out."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound.models import Did, EmergencyLocation
from classound.numbers import grouped
from classound.services import correct_location, leave_location_out, send_location_back, validate_location
from tickets.base import ItemState, Step, abandoned, done, waits
from tickets.fields import CountryField, RowsField
from tickets.steps.row_decisions import deciding_form
from web.name_fields import NameField

Status = EmergencyLocation.Status
TONES = {Status.REQUESTED: "info", Status.VALID: "ok", Status.SENT_BACK: "warn", Status.REPLACED: "", Status.LEFT_OUT: ""}
CHOICES = (("", _("Not checked yet")), ("valid", _("Valid")), ("sent_back", _("Send back")), ("left_out", _("Leave out")))


class CorrectionForm(forms.Form):
    """The corrected address of one number."""

    did = forms.CharField(label=_("Number"), max_length=40, widget=forms.TextInput(attrs={"readonly": True}))
    user_name = NameField(label=_("User"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postcode = forms.CharField(label=_("Postcode"), max_length=20)
    city = forms.CharField(label=_("City"), max_length=100)
    state = forms.CharField(label=_("State or province"), max_length=60, required=False)
    country = CountryField(label=_("Country"))


def of(ticket, *statuses, lock=False):
    """Return the ticket's locations in these statuses, or all of them. With `lock`, they and their numbers are locked first: a number
    that is moved just now would hide its location from a query that also reads its PBX (docs/decisions/0409)."""
    rows = EmergencyLocation.objects.filter(source=ticket.source, **({"status__in": statuses} if statuses else {})).order_by("pk")
    if lock:
        list(rows.select_related("did").select_for_update(no_key=True, of=("self", "did")))
    return rows.select_related("did__pbx__end_user")


def steps(ticket):
    """Return the open steps: the care team checks addresses, the partner corrects those sent back."""
    locations = list(of(ticket, *EmergencyLocation.OPEN))
    to_check = [location for location in locations if location.status == Status.REQUESTED]
    sent_back = [location for location in locations if location.status == Status.SENT_BACK]
    found = []
    if to_check:
        found.append(Step("check", _("Check the addresses"), "agent", check, check_form(to_check), _("Record the decisions")))
    if sent_back:
        found.append(Step("correct", _("Correct the addresses"), "partner", correct, correction_form(sent_back), _("Send the corrections")))
    return found


def item_states(ticket):
    """Return the status of each number's address."""
    return [
        ItemState(one.number, one.status, one.get_status_display(), TONES[one.status], note=one.reason, detail=one.address)
        for one in of(ticket)
    ]


def _key(location):
    return location.number.removeprefix("+")


def check_form(locations):
    """Return a form with a decision and a reason for each location; fields are named by the number without the plus."""
    why = _("Reason for sending back or leaving out (%(number)s)")
    numbers = {one: grouped(one.number) for one in locations}
    return deciding_form(
        {_key(one): (f"{number} · {one.address}", why % {"number": number}) for one, number in numbers.items()},
        CHOICES,
        explained="sent_back",
        no_reason=_("Tell the partner what is wrong with the address."),
        no_decision=_("Decide on at least one address."),
    )


def check(ticket, cleaned, *, today):
    """Record the care team's decision on each address."""
    for location in of(ticket, Status.REQUESTED, lock=True):
        decision, reason = cleaned["decided"].get(_key(location), ("", ""))
        if decision == "valid":
            _still_there(location, ticket)
            validate_location(location, today=today)
        elif decision == "sent_back":
            send_location_back(location, reason, today=today)
        elif decision == "left_out":
            leave_location_out(location, today=today, reason=reason)
    return _follows(ticket)


def _still_there(location, ticket):
    """Raise ValidationError if the number was cancelled or moved to another partner while its address was being checked."""
    if location.did.status == Did.Status.CANCELLED:
        message = _("%(number)s has been cancelled: leave it out.")
    elif location.did.pbx.end_user.partner_id != ticket.partner_id:
        message = _("%(number)s no longer belongs to this partner: leave it out.")
    else:
        return
    raise ValidationError(message, params={"number": grouped(location.number)})


def correction_form(locations):
    """Return a form with a row for each address sent back, and checkboxes for the numbers to leave out."""
    rows = [{"did": location.number} | {name: getattr(location, name) for name in location.ADDRESS} for location in locations]
    fields = {
        "locations": RowsField(CorrectionForm, most=len(rows), label=_("Addresses sent back"), required=False, initial=rows),
        "leave_out": forms.MultipleChoiceField(
            label=_("Leave these numbers out"),
            required=False,
            choices=[(location.number, grouped(location.number)) for location in locations],
            widget=forms.CheckboxSelectMultiple,
        ),
    }
    return type("CorrectionsForm", (forms.Form,), fields)


def correct(ticket, cleaned, *, today):
    """Record the partner's corrections and omissions. Raise ValidationError if there are none, or if a number was not sent back."""
    sent_back = {location.number: location for location in of(ticket, Status.SENT_BACK, lock=True)}
    addresses = {row["did"]: row for row in cleaned["locations"]}
    if unknown := [number for number in (*addresses, *cleaned["leave_out"]) if number not in sent_back]:
        raise ValidationError(_("The address of %(number)s was not sent back.") % {"number": unknown[0][:30]})
    if not addresses and not cleaned["leave_out"]:
        raise ValidationError(_("Correct at least one address or leave its number out."))
    for number in cleaned["leave_out"]:
        leave_location_out(sent_back[number], today=today)
    corrected = [number for number in addresses if number not in cleaned["leave_out"]]
    for number in corrected:
        _still_there(sent_back[number], ticket)
        correct_location(sent_back[number], addresses[number])
    return _follows(ticket)


def _follows(ticket):
    """Return what follows: the care team acts while addresses have to be checked, then the partner, then the request is done."""
    by_status = {}
    for location in of(ticket):
        by_status.setdefault(location.status, []).append(location)
    note = "\n".join(_lines(by_status))
    if Status.REQUESTED in by_status:
        return waits("", note)
    if Status.SENT_BACK in by_status:
        return waits("partner", note)
    if Status.VALID in by_status or Status.REPLACED in by_status:
        return done(note)
    return abandoned(note)


def _lines(by_status):
    """Yield a line for each status in use, with reasons. Numbers cancelled in the meantime are not reported as active."""
    titles = {
        Status.VALID: _("Emergency calling is active: %(numbers)s."),
        Status.REQUESTED: _("Being validated: %(numbers)s."),
        Status.LEFT_OUT: _("Left out: %(numbers)s."),
    }
    for status, title in titles.items():
        locations = by_status.get(status, ())
        if names := [_named(one) for one in locations if status != Status.VALID or one.did.status != Did.Status.CANCELLED]:
            yield title % {"numbers": ", ".join(names)}
    for location in by_status.get(Status.SENT_BACK, ()):
        yield _("Please correct the address of %(number)s: %(reason)s") % {"number": grouped(location.number), "reason": location.reason}


def _named(location):
    return f"{grouped(location.number)} ({location.reason})" if location.reason else grouped(location.number)
