"""Who a program is: the API's authentication by token (RFC 9110, section 11: the scheme `Token`)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from partners.users import ApiToken


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Token <secret>`. Raises AuthenticationFailed (401) for a header that names no valid token."""

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
            # One sentence for unknown, expired, revoked and inactive: whoever found a token learns nothing from it.
            raise AuthenticationFailed(_("This token does not work: it is none, has ended or was revoked. Make a new one."))
        return user, None

    def authenticate_header(self, request):
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI description tells of tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "The word Token, and yours: `Token care_…`"}
