"""Where people arrive."""

from django.shortcuts import redirect

from partners.gates import sign_in_required


@sign_in_required
def home(request):
    """Staff to the desk, contacts to the portal, everybody else to the sign-in."""
    return redirect("desk:queue" if request.user.is_care else "portal:home")
