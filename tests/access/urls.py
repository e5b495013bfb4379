"""The project's URLs, and a few that fail or respond on purpose."""

from django.db import OperationalError
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from psycopg.errors import LockNotAvailable, TooManyConnections
from rest_framework.response import Response
from rest_framework.views import APIView

from config import urls
from config.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  Django looks for them here


def boom(request):
    raise ValueError("the disk is gone")


def away(request):
    raise OperationalError("the database is gone")


def busy(request):
    """Act like locked rows: the database is available."""
    raise OperationalError("a lock is held") from LockNotAvailable("a lock is held")


def full(request):
    raise OperationalError("no connection is left") from TooManyConnections("no connection is left")


class WhoAmI(APIView):
    """Return the user whom the API authenticates."""

    def get(self, request):
        return Response({"email": request.user.email})

    post = get


urlpatterns = [
    path("boom/", boom),
    path("api/boom/", boom),
    path("away/", away),
    path("api/away/", away),
    path("busy/", busy),
    path("api/busy/", busy),
    path("api/full/", full),
    path("api/who/", WhoAmI.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[]), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(permission_classes=[], authentication_classes=[])),
    *urls.urlpatterns,
]
