"""Who may enter which pages: contacts the portal, staff the desk. To everybody else a page does not exist."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect


def contact_required(view):
    """For partners' contacts. The anonymous are asked to sign in, staff are sent to their desk."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.is_care:
            return redirect("home")
        return view(request, *args, **kwargs)

    return gated


def care_required(view):
    """For staff. The anonymous are asked to sign in; for a contact there is nothing here."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_care:
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def sign_in_required(view):
    """For everybody who has signed in; what each may see is the queryset's business."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return gated
