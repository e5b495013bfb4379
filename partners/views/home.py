"""The home page."""

from django.shortcuts import redirect

from partners.gates import sign_in_required


@sign_in_required
def home(request):
    """Redirect staff to the desk, contacts to the portal and everyone else to sign-in."""
    return redirect("desk:queue" if request.user.is_care else "portal:home")
