"""Users, and the API tokens of their programs."""

import hashlib
import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engine.prepared_queries import Parameter, PreparedQuery
from web.user_input import words_of


def initials_of(name):
    """Return up to two initials of a name, for an avatar."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def digest_of(secret):
    """Return the digest under which the secret of a token or link is stored."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class UserManager(BaseUserManager):
    """Create and list users; the e-mail address identifies them."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def staff(self):
        """Return all members of the care team, including those who have left."""
        return self.exclude(role=User.Role.CONTACT)

    def contacts_visible_to(self, user):
        """Return the contacts with access whom `user` may see: all of them for the care team, none for anyone else."""
        return (
            self.filter(role=User.Role.CONTACT, is_active=True)
            if user.is_authenticated and user.is_active and user.is_care
            else self.none()
        )

    def care(self):
        """Return the members of the care team who may sign in."""
        return self.staff().filter(is_active=True)

    def administrators(self):
        """Return the active administrators, who edit policy values and are notified of stalled work."""
        return self.care().filter(role=User.Role.ADMIN)


class User(AbstractBaseUser):
    """A contact of a partner, or a member of the vendor's staff (agent, lead, admin). People sign in with the e-mail address."""

    class Role(models.TextChoices):
        CONTACT = "contact", _("partner contact")
        AGENT = "agent", _("care agent")
        LEAD = "lead", _("team lead")
        ADMIN = "admin", _("administrator")

    class Label(models.TextChoices):
        TECHNICIAN = "technician", _("technician")
        SALES = "sales_manager", _("sales manager")
        ACCOUNTANT = "accountant", _("accountant")

    # Always lower case, so that one address is one person.
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.CONTACT)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="contacts", null=True, blank=True)
    # GEN-5: the label is only for sorting; nothing may ever depend on it.
    label = models.CharField(_("label"), max_length=20, choices=Label.choices, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["email"]
        indexes = [GinIndex(words_of("full_name"), name="user_by_words_of_name")]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_in_small_letters"),
            models.CheckConstraint(
                condition=models.Q(role="contact", partner__isnull=False) | (~models.Q(role="contact") & models.Q(partner__isnull=True)),
                name="only_contacts_have_a_partner",
            ),
        ]

    def __str__(self):
        return self.full_name or self.email

    def get_full_name(self):
        return str(self)

    @property
    def initials(self):
        """Return up to two initials for this user's avatar."""
        return initials_of(self.get_full_name())

    @property
    def is_care(self):
        """Return whether this is a member of the vendor's staff, who work at the desk."""
        return self.role in (self.Role.AGENT, self.Role.LEAD, self.Role.ADMIN)

    @property
    def area(self):
        """Return the user's area: the URL namespace of its pages and the directory of their base template."""
        return "desk" if self.is_care else "portal"

    @property
    def may_override(self):
        return self.role in (self.Role.LEAD, self.Role.ADMIN)

    @property
    def is_staff(self):
        """Return whether this user may use the admin site."""
        return self.role == self.Role.ADMIN

    is_superuser = is_staff

    def has_perm(self, perm, obj=None):
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff


class ApiTokenQuerySet(models.QuerySet):
    def valid(self, *, at):
        """Return the tokens that can be used at this time: neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiToken(models.Model):
    """A program's key to the API on behalf of its user. Only its SHA-256 is stored; it expires and can be revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.name or 'token'} of {self.user}"

    @classmethod
    def issue(cls, user, *, expires_at, name=""):
        """Create a token for the user and return its secret, which is not stored."""
        secret = f"care_{secrets.token_urlsafe(32)}"
        cls.objects.create(user=user, name=name, digest=digest_of(secret), expires_at=expires_at)
        return secret

    @classmethod
    def user_of(cls, secret, *, now):
        """Return the active user to whom this valid token belongs, or None."""
        token = _token.first(digest=digest_of(secret), now=now)
        return token.user if token else None


_token = PreparedQuery(
    lambda: (
        ApiToken.objects.select_related("user__partner").filter(digest=Parameter("digest"), user__is_active=True).valid(at=Parameter("now"))
    ),
    by_key=True,
)


def has_ended(address):
    """Return whether this is the sign-in address of somebody whose access has ended."""
    return bool(_ended(address=address))


_ended = PreparedQuery(lambda: User.objects.filter(email=Parameter("address"), is_active=False).only("pk"), by_key=True)
