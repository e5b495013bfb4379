"""URLs of devices."""

from django.urls import path

from hwaas.views import devices, devices_file

portal_urls = [
    path("devices/", devices, name="devices"),
    path("devices.<table:kind>", devices_file, name="devices_file"),
]
