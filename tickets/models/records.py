"""Small records: first answers kept for repeated calls, and counts of refused attempts."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class IdempotencyRecord(models.Model):
    """The first answer to a POST with an Idempotency-Key: the same key and body get it again, another body a 409.

    Or where a page's form has led (`status` 302, `response` has the `location`): its key is what the form has sent, with the token of its
    page.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_user_uses_an_idempotency_key_once")]
        # Beside millions of first answers, which stay, those that go are found by themselves.
        indexes = [models.Index(fields=["created_at"], condition=Q(status__gte=300, status__lt=400), name="form_to_forget")]

    def __str__(self):
        return self.key

    def ends(self, status, response):
        """Keep what came of it."""
        self.status, self.response = status, response
        self.save(update_fields=["status", "response"])


class DeniedAttempt(models.Model):
    """How often a rule refused a type of request on a day: for statistics, without whose or about what."""

    day = models.DateField()
    type_code = models.CharField(max_length=40)
    rule = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "type_code", "rule"], name="denied_attempts_are_counted_by_day_type_and_rule")
        ]

    def __str__(self):
        return f"{self.rule} {self.day}"
