"""URLs of numbers and their usage."""

from django.urls import path

from classound.usage import usage
from classound.usage_views import usage_page, usage_reports
from classound.views import dids, dids_file

portal_urls = [
    path("numbers/", dids, name="dids"),
    path("numbers.<table:kind>", dids_file, name="dids_file"),
]

urlpatterns = [
    path("usage/<path:code>/reports/", usage_reports, name="usage_reports"),
    path("usage/<path:code>/<str:month>/", usage_page, name="usage_page"),
    path("usage/<path:code>/<str:month>.<table:kind>", usage, name="usage"),
]
