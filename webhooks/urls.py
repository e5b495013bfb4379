"""The URLs of webhooks and their calls."""

from django.urls import path

from webhooks import views

portal_urls = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/calls/", views.calls, name="webhook_calls"),
    path("webhooks/<int:pk>/calls/<int:call>/again/", views.again, name="webhook_again"),
    path("webhooks/<int:pk>/try/", views.try_out, name="webhook_try"),
    path("webhooks/<int:pk>/switch/", views.switch, name="webhook_switch"),
    path("webhooks/<int:pk>/secret/", views.renew, name="webhook_renew"),
    path("webhooks/<int:pk>/delete/", views.delete, name="webhook_delete"),
]
