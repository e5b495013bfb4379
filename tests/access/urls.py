"""The project's addresses, and a few that break or answer on purpose."""

from django.db import OperationalError
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.views import APIView

from config import urls
from config.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  Django looks for them here


def boom(request):
    raise OperationalError("the database is gone")


class WhoAmI(APIView):
    """Says whom the API takes the caller for."""

    def get(self, request):
        return Response({"email": request.user.email})

    post = get


urlpatterns = [
    path("boom/", boom),
    path("api/boom/", boom),
    path("api/who/", WhoAmI.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[]), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(permission_classes=[], authentication_classes=[])),
    *urls.urlpatterns,
]
