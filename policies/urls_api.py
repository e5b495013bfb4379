"""The paths of the policy API, to be included under /api/v1/."""

from django.urls import path

from policies import api

urlpatterns = [
    path("policies/", api.PolicyList.as_view(), name="api-policies"),
    path("policies/<str:code>/", api.PolicyDetail.as_view(), name="api-policy"),
    path("policies/<str:code>/values/", api.PolicyValues.as_view(), name="api-policy-values"),
]
