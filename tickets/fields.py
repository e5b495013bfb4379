"""Form fields that name things of the partner's estate. A field is bound to the partner that asks, so that whatever belongs
to somebody else is simply not found: the same answer as for what does not exist."""

import datetime
import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from classound.models import Did
from classound.numbers import InvalidNumber, parse_number
from hwaas.models import Device
from partners.models import Partner, Reseller

LIMIT = 200


class Candidate(NamedTuple):
    """One row of an asset picker: the value to send, and what people see."""

    value: str
    title: str
    detail: str
    answer: object


class AssetPicker(forms.Widget):
    """A searchable list of the partner's own things; plain radio buttons or checkboxes, so it works without JavaScript."""

    template_name = "tickets/fields/asset_picker.html"
    use_fieldset = True
    many = False
    rows, more, url = (), False, ""

    def get_context(self, name, value, attrs):
        """`rows` are filled in by tickets.eligibility; when there are `more`, `url` finds them."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"rows": self.rows, "more": self.more, "many": self.many, "url": self.url}
        return context

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        if self.many:
            return values if isinstance(values, list) else [values] if values else []
        return values[0] if isinstance(values, list) and values else values or None

    def format_value(self, value):
        return value if isinstance(value, list) else [value] if value else []


class AssetsPicker(AssetPicker):
    """A picker for several things: checkboxes."""

    many = True


class PartnerField(forms.Field):
    """A field whose answers belong to the partner that asks."""

    partner = None
    lock = False

    def bind(self, partner, *, lock):
        """Look only among this partner's things from now on; with `lock`, lock the rows that are read."""
        self.partner, self.lock = partner, lock

    def rows(self, queryset):
        """The partner's rows of a queryset, locked when asked for."""
        rows = queryset.of_partner(self.partner)
        return rows.select_for_update(of=("self",)) if self.lock else rows


def written(value):
    """The text a person or program wrote, or a ValidationError: no other JSON, no NUL, not endless."""
    if not isinstance(value, str) or "\x00" in value or len(value) > 100:
        raise ValidationError(_("This is not a value we can read."), code="invalid")
    return value.strip()


def searched(query):
    """What somebody types into a picker, as the database can look for it."""
    return query.replace("\x00", "").strip()[:100]


class DidChoice(NamedTuple):
    """A DID as it was asked for: `asked` differs from its own number when only a part of a range was named (DID-3)."""

    did: Did
    asked: str

    @property
    def is_part(self):
        return self.asked != self.did.number


class DidsField(PartnerField):
    """Numbers and ranges of the partner; cleans to a list of DidChoice in the order they were written."""

    widget = AssetsPicker
    many = True
    json_schema = {"type": "array", "items": {"type": "string", "maxLength": 100}, "minItems": 1, "maxItems": LIMIT}

    def candidates(self, query, limit):
        """DIDs to choose from, at most `limit`: by the beginning of their number or of their PBX's name or serial number, or by
        a number inside a range. Cancelled ones are history."""
        dids = _facts(self.rows(Did.objects)).exclude(status=Did.Status.CANCELLED)
        if text := searched(query):
            sought = Q(pbx__serial__istartswith=text) | Q(pbx__name__istartswith=text)
            if digits := re.sub(r"[\s().\-/+]", "", text, flags=re.ASCII).upper():
                sought |= Q(number__startswith=f"+{digits}")
                if re.fullmatch(r"[0-9]{1,15}", digits, re.ASCII):
                    sought |= Q(numbers__contains=int(digits))
            dids = dids.filter(sought)
        return [self.candidate(did) for did in dids.order_by("number")[:limit]]

    def candidate(self, did):
        detail = f"{did.get_kind_display()} · {did.pbx.name} · {did.pbx.end_user.name}"
        return Candidate(did.number, did.number, detail, DidChoice(did, did.number))

    def clean(self, value):
        written_numbers = [written(v) for v in value or [] if v != ""]
        if self.required and not written_numbers:
            raise ValidationError(_("Choose at least one number."), code="required")
        if len(written_numbers) > LIMIT:
            raise ValidationError(_("Name at most %(limit)s numbers in one request.") % {"limit": LIMIT}, code="too_many")
        asked, errors = {}, []
        for text in written_numbers:
            try:
                parsed = parse_number(text)
                asked[parsed.text] = parsed
            except InvalidNumber as error:
                errors.append(ValidationError("%(number)s: %(reason)s", params={"number": text[:30], "reason": error}, code="invalid"))
        found = self.find(asked)
        errors += [
            ValidationError(_("%(number)s is not among your numbers."), params={"number": text}, code="unknown")
            for text in asked
            if text not in found
        ]
        if errors:
            raise ValidationError(errors)
        return [found[text] for text in asked]

    def find(self, asked):
        """{asked text: DidChoice} for numbers that are the partner's, be it inside one of its ranges. At most two queries."""
        rows = _facts(self.rows(Did.objects))
        found = {did.number: DidChoice(did, did.number) for did in rows.filter(number__in=list(asked)).order_by("pk")}
        inside = [parsed for text, parsed in asked.items() if text not in found]
        if inside:
            holding = Q()
            for parsed in inside:
                holding |= Q(numbers__contains=parsed.first)
            for did in rows.filter(holding).exclude(status=Did.Status.CANCELLED).order_by("pk"):
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


def _facts(dids):
    return dids.select_related("pbx__end_user").prefetch_related("pbx__commitments", "porting_changes")


class OneOf(PartnerField):
    """One row of the partner by its unique code; the base of the fields below."""

    widget = AssetPicker
    many = False
    json_schema = {"type": "string", "maxLength": 100}
    key = "code"
    also = "name"
    unknown = ""

    def queryset(self):
        """The rows that can be named at all, with the facts that rules need."""
        raise NotImplementedError

    def present(self):
        """The rows worth offering in the picker."""
        return self.queryset()

    def clean(self, value):
        if not value:
            if self.required:
                raise ValidationError(_("Choose one."), code="required")
            return None
        row = self.rows(self.queryset()).filter(**{self.key: written(value)}).first()
        if row is None:
            raise ValidationError(self.unknown % {"value": written(value)}, code="unknown")
        return row

    def candidates(self, query, limit):
        """Rows to choose from, at most `limit`: by the beginning of their code or of the field `also`."""
        rows = self.rows(self.present())
        if text := searched(query):
            rows = rows.filter(Q(**{f"{self.key}__istartswith": text}) | Q(**{f"{self.also}__istartswith": text}))
        return [self.candidate(row) for row in rows.order_by(self.key)[:limit]]

    def as_json(self, row):
        return getattr(row, self.key)


class DeviceField(OneOf):
    """A device of the partner by its serial number."""

    key, also = "serial", "item__code"
    unknown = _("%(value)s is not the serial number of one of your devices.")

    def queryset(self):
        return Device.objects.select_related("item", "pbx__end_user").prefetch_related("rmas")

    def present(self):
        return self.queryset().filter(state=Device.State.IN_USE)

    def candidate(self, device):
        return Candidate(device.serial, device.serial, f"{device.item.name} · {device.get_ownership_display()} · {device.pbx.name}", device)


class ResellerField(OneOf):
    """A reseller of the partner by its code."""

    unknown = _("%(value)s is not the code of one of your resellers.")

    def queryset(self):
        return Reseller.objects.all()

    def candidate(self, reseller):
        return Candidate(reseller.code, reseller.name, reseller.code, reseller)


class OtherPartnerField(forms.CharField):
    """Another partner by its code. Partners do not see each other, so this cannot be picked from a list."""

    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        partner = Partner.objects.filter(code__in={code, code.upper()}).first()
        if partner is None:
            raise ValidationError(_("No partner can be reached under this code. Please ask the new partner for its code."), code="unknown")
        return partner

    def as_json(self, partner):
        return partner.code


class IsoDateField(forms.DateField):
    """A date as YYYY-MM-DD (ISO 8601) in the digits 0 to 9."""

    EARLIEST, LATEST = 1990, 2100
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value).strip(), re.ASCII):
                raise ValueError
            day = datetime.date.fromisoformat(str(value).strip())
        except ValueError:
            raise ValidationError(_("Write a date as YYYY-MM-DD, for example 2027-03-01."), code="invalid") from None
        if not self.EARLIEST <= day.year <= self.LATEST:  # beyond, neither public holidays nor the calendar go on for ever
            raise ValidationError(
                _("The year must be from %(first)s to %(last)s."), code="invalid", params={"first": self.EARLIEST, "last": self.LATEST}
            )
        return day

    def as_json(self, day):
        return day.isoformat()
