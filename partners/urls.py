"""URLs of accounts, companies and tokens. Only the allauth views that Careline needs are routed, under allauth's names."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache

from partners.gates import care_required, contact_required, sign_in_required
from partners.views import invitation, person, team, tokens
from partners.views.home import home
from partners.views.sessions import sessions

# The same pages serve contacts for their own company and staff for any company.
company_urls = [
    path("", team.team, name="team"),
    path("invite/", team.invite, name="invite"),
    path("invitations/<int:invitation>/send/", team.invite_again, name="invite_again"),
    path("invitations/<int:invitation>/withdraw/", team.withdraw_invitation, name="withdraw_invitation"),
    path("<int:person>/", person.person, name="person"),
    path("<int:person>/end/", person.end_access, name="end_access"),
    path("<int:person>/give/", person.give_access, name="give_access"),
    path("<int:person>/send/", person.send_link, name="send_link"),
]


def own_tokens(gate):
    """Return the URLs of the user's own tokens for those the gate admits."""
    return [
        path("tokens/", gate(tokens.tokens), name="tokens"),
        path("tokens/<int:api_token>/revoke/", gate(tokens.revoke), name="revoke_token"),
    ]


portal_urls = [path("team/", include(company_urls)), *own_tokens(contact_required)]

desk_urls = [
    path("accounts/", team.companies, name="companies"),
    path("partners/<int:partner>/team/", include(company_urls)),
    *own_tokens(care_required),
]

urlpatterns = [
    path("", home, name="home"),
    path("account/login/", account.login, name="account_login"),
    path("account/login/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/sessions/", sessions, name="sessions"),
    path("account/password/change/", sign_in_required(account.password_change), name="account_change_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-0-9A-Za-z]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # The second step of sign-in for users with an authenticator app …
    path("account/app/code/", mfa.authenticate, name="mfa_authenticate"),
    # … and its management, for staff.
    path("account/app/", care_required(mfa.index), name="mfa_index"),
    path("account/app/confirm/", care_required(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/app/add/", care_required(never_cache(totp.activate_totp)), name="mfa_activate_totp"),
    path("account/app/remove/", care_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/app/recovery/", care_required(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/app/recovery/new/", care_required(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/app/recovery/download/", care_required(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
