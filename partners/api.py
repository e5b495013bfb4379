"""Token authentication for the API (RFC 9110, section 11: the scheme `Token`)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from partners.users import ApiToken


class TokenAuthentication(BaseAuthentication):
    """Authenticate by `Authorization: Token <secret>`. Raise AuthenticationFailed (401) for a header without a valid token."""

    keyword = b"token"

    def authenticate(self, request):
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != self.keyword:
            return None
        try:
            user = ApiToken.user_of(secret.strip().decode("ascii"), now=timezone.now())
        except UnicodeDecodeError:
            user = None
        if user is None:
            # The same message for unknown, expired, revoked and inactive: someone who found a token learns nothing from it.
            raise AuthenticationFailed(_("This token is not valid: it is unknown, has expired or was revoked. Create a new one."))
        return user, None

    def authenticate_header(self, request):
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """Describe token authentication in the OpenAPI schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "The word Token and your token: `Token care_…`"}
