"""Signing in and out: of allauth's addresses only those that Careline needs, under allauth's names."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from partners.gates import care_required, sign_in_required
from partners.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("account/login/", account.login, name="account_login"),
    path("account/login/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", sign_in_required(account.password_change), name="account_change_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-0-9A-Za-z]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # The second step of a sign-in, for whoever has an authenticator app …
    path("account/app/code/", mfa.authenticate, name="mfa_authenticate"),
    # … and its care, for staff.
    path("account/app/", care_required(mfa.index), name="mfa_index"),
    path("account/app/confirm/", care_required(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/app/add/", care_required(totp.activate_totp), name="mfa_activate_totp"),
    path("account/app/remove/", care_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/app/recovery/", care_required(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/app/recovery/new/", care_required(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/app/recovery/download/", care_required(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
