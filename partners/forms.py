"""Sign-in and password forms."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.utils.translation import gettext_lazy as _

from partners import account_emails
from partners.sign_in import password_mail
from partners.users import User


class SignInForm(LoginForm):
    """allauth's form without its password link: the page has its own after the fields, so that Tab leads from address to password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].label = _("E-mail")


class NewPasswordForm(ResetPasswordForm):
    """E-mail a link to set a password. The response time does not reveal whether the address is known."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")

    def save(self, request, **kwargs):
        """Do the same work for an unknown address, discarding its e-mail, and do not wait for the mail server."""
        mails = [password_mail(user, "password_reset_key") for user in self.users or [User(pk=0, email=self.cleaned_data["email"])]]
        for mail in mails if self.users else []:
            account_emails.send_later(mail)
        return self.cleaned_data["email"]


class _Worded:
    """Labels worded like those of the other forms in Careline."""

    LABELS = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("Repeat new password")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LABELS.keys() & self.fields.keys():
            self.fields[name].label = self.LABELS[name]


class AnotherPasswordForm(_Worded, ChangePasswordForm):
    """Change the password of the signed-in user."""


class PasswordByLinkForm(_Worded, ResetPasswordKeyForm):
    """Set a password through an e-mailed link, after forgetting it or as an invitation."""
