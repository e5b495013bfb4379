"""Counts of whether articles helped, without recording who answered."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class ArticleFeedback(models.Model):
    """How often an article answered the question on a day, or was read and a request was submitted anyway."""

    class Outcome(models.TextChoices):
        HELPED = "helped", _("answered the question")
        ASKED = "asked", _("did not answer it")

    day = models.DateField()
    slug = models.SlugField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "slug", "outcome"], name="feedback_is_counted_by_day_article_and_outcome")]

    def __str__(self):
        return f"{self.slug} {self.outcome} {self.day}"


def count_feedback(slug, outcome, *, day):
    """Count one answer to "Did this help?"."""
    row, _is_new = ArticleFeedback.objects.get_or_create(day=day, slug=slug, outcome=outcome)
    ArticleFeedback.objects.filter(pk=row.pk).update(count=F("count") + 1)
