"""Forms around signing in."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.utils.translation import gettext_lazy as _

from partners import post
from partners.sign_in import password_mail
from partners.users import User


class SignInForm(LoginForm):
    """allauth's form; the page has its own link to a new password, after the field, so that Tab leads from address to password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewPasswordForm(ResetPasswordForm):
    """Mails a link to set a password; the time of the answer does not tell whether anybody has the address."""

    def save(self, request, **kwargs):
        """The same work for an address that nobody has, whose mail is thrown away; the mail server is not waited for."""
        mails = [password_mail(user, "password_reset_key") for user in self.users or [User(pk=0, email=self.cleaned_data["email"])]]
        for mail in mails if self.users else []:
            post.send_later(mail)
        return self.cleaned_data["email"]


class _Worded:
    """Labels written like all others of Careline."""

    LABELS = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("New password, again")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LABELS.keys() & self.fields.keys():
            self.fields[name].label = self.LABELS[name]


class AnotherPasswordForm(_Worded, ChangePasswordForm):
    """For who is signed in."""


class PasswordByLinkForm(_Worded, ResetPasswordKeyForm):
    """For who was mailed a link: to a forgotten password, or as an invitation."""
