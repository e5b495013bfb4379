"""Small records: first responses stored for repeated calls, and counts of denied attempts."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class IdempotencyRecord(models.Model):
    """The first response to a POST with an Idempotency-Key: the same key and body get it again, a different body gets a 409.

    Or the redirect of a page's form (`status` 302, `response` has the `location`): its key is derived from the submitted data and the
    page's token.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_user_uses_an_idempotency_key_once")]
        # Finds the redirects to delete among millions of API responses, which are kept.
        indexes = [models.Index(fields=["created_at"], condition=Q(status__gte=300, status__lt=400), name="form_to_forget")]

    def __str__(self):
        return self.key

    def ends(self, status, response):
        """Store the result."""
        self.status, self.response = status, response
        self.save(update_fields=["status", "response"])


class DeniedAttempt(models.Model):
    """How often a rule denied a type of request on a day: for statistics, without partner or content."""

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
