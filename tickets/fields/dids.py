"""Fields for DIDs: numbers and ranges."""

from contextlib import suppress
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classound.models import Did, contains_number, matching
from classound.numbers import InvalidNumber, parse_number
from pbx.models import Pbx
from policies.wording import day_in_full
from tickets.fields.base import LIMIT, AssetField, AssetPicker, AssetsPicker, Candidate, clean_query, clean_text, plausible_values


class DidChoice(NamedTuple):
    """A DID as requested: `asked` differs from its own number when only part of a range was entered (DID-3)."""

    did: Did
    asked: str


class DidsField(AssetField):
    """Numbers and ranges of the partner; cleans to a list of DidChoice in the order entered."""

    widget = AssetsPicker
    many = True
    key = "number"
    json_schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}, "minItems": 1, "maxItems": LIMIT}
    found = None
    nothing = _("You have no numbers yet.")

    def __init__(self, *, facts=(), first="", **kwargs):
        """`facts` names related rows that the type's rules read beyond the common ones; `first` is the status the type applies to."""
        super().__init__(**kwargs)
        self.facts = ("pbx__commitments", *facts)
        self.leading = Q(status=first) if first else None

    @classmethod
    def queryset(cls):
        return Did.objects.select_related("pbx__end_user")

    def present(self):
        """Return the rows worth offering: all except cancelled ones."""
        return self.queryset().exclude(status=Did.Status.CANCELLED).order_by(self.key)

    def candidates(self, query, limit):
        """Return candidate DIDs, at most `limit`, matched in the notations people use."""
        meant = matching(clean_query(query), self.partner.country, pbxs=Pbx.objects.of_partner(self.partner))
        return self.offered(self.present().filter(meant), limit)

    def ticked(self, values):
        """Return the values that can be chosen, as candidates; the number of queries does not depend on how many there are."""
        return self.offered(self.present().filter(number__in=plausible_values(values)), LIMIT)

    def candidate(self, did):
        detail = f"{self._kind(did)} · {did.pbx.name} · {did.pbx.end_user.name}"
        return Candidate(did.number, did.number, detail, DidChoice(did, did.number))

    @staticmethod
    def _kind(did):
        """Return the kind of DID or, if it is still to be ported, its porting date: users who move that date look for it."""
        if did.status == Did.Status.ORDERED and did.porting_date:
            return _("to be ported on %(day)s") % {"day": day_in_full(did.porting_date)}
        return did.get_kind_display()

    def clean(self, value):
        written_numbers = [clean_text(v) for v in value or [] if v != ""]
        if self.required and not written_numbers:
            raise ValidationError(_("Choose at least one number."), code="required")
        if len(written_numbers) > LIMIT:
            raise ValidationError(_("Enter at most %(limit)s numbers in one request.") % {"limit": LIMIT}, code="too_many")
        asked, errors = {}, []
        for text in written_numbers:
            try:
                parsed = parse_number(text)
                asked[parsed.text] = parsed
            except InvalidNumber as error:
                errors.append(ValidationError("%(number)s: %(reason)s", params={"number": text[:30], "reason": error}, code="invalid"))
        found = self.find(asked) if self.found is None else self.found
        errors += [
            ValidationError(_("%(number)s is not among your numbers."), params={"number": text}, code="unknown")
            for text in asked
            if text not in found
        ]
        if errors:
            raise ValidationError(errors)
        return [found[text] for text in asked]

    def gather(self, values):
        """Look up the values of many fields of this kind at once; the caller sets `found` of each field to the result."""
        asked = {}
        for value in values:
            with suppress(InvalidNumber, ValidationError):
                parsed = parse_number(clean_text(value))
                asked[parsed.text] = parsed
        return self.find(asked)

    def find(self, asked):
        """Return {requested text: DidChoice} for the partner's numbers, including those inside its ranges. At most two queries."""
        found = {did.number: DidChoice(did, did.number) for did in self.named(list(asked))}
        inside = [parsed for text, parsed in asked.items() if text not in found]
        if inside:
            holding = Q()
            for parsed in inside:
                holding |= contains_number(parsed.first)
            self.lock_rows(holding)
            for did in self.rows(self.present().filter(holding).order_by("pk")):
                for parsed in inside:
                    if did.numbers.lower <= parsed.first and parsed.last < did.numbers.upper:
                        found[parsed.text] = DidChoice(did, parsed.text)
        return found

    def as_json(self, choices):
        return [choice.asked for choice in choices]


class DidField(DidsField):
    """One number or range of the partner; cleans to a DidChoice."""

    widget = AssetPicker
    many = False
    json_schema = {"type": "string", "maxLength": 100}

    def clean(self, value):
        chosen = super().clean([value] if value else [])
        return chosen[0] if chosen else None

    def as_json(self, choice):
        return choice.asked
