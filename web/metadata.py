"""API responses to OPTIONS requests."""

from rest_framework.metadata import SimpleMetadata


class Metadata(SimpleMetadata):
    """Name, description and media types only. The bodies of POSTs are in the OpenAPI description, as our serializers are read-only."""

    def determine_actions(self, request, view):
        return {}
