"""Counting denied attempts, without recording whose they were or what they were about."""

from django.db.models import F

from policies.verdict import DENY
from tickets.models import DeniedAttempt


def count_denial(kind, verdict, *, day):
    """Count one denial on this day for each rule that denied the attempt."""
    for rule in sorted({f.rule for f in verdict.findings if f.effect == DENY and not f.overridden}):
        DeniedAttempt.objects.bulk_create([DeniedAttempt(day=day, type_code=kind.code, rule=rule)], ignore_conflicts=True)
        DeniedAttempt.objects.filter(day=day, type_code=kind.code, rule=rule).update(count=F("count") + 1)
