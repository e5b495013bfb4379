"""Content Security Policy with a nonce per response (W3C CSP Level 3), and no shared caching of personal responses."""

import secrets


class ContentSecurityPolicyMiddleware:
    """Gives every request a nonce and every response a policy: own resources only, no inline handlers, no frames."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.csp_nonce = secrets.token_urlsafe(16)
        response = self.get_response(request)
        response.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' 'nonce-{request.csp_nonce}'; style-src 'self' 'nonce-{request.csp_nonce}'; "
            "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
        )
        # Static files are served before this; everything else depends on the user.
        response.setdefault("Cache-Control", "private, no-cache")
        return response
