"""API: what an address answers to OPTIONS."""

from rest_framework.metadata import SimpleMetadata


class Metadata(SimpleMetadata):
    """Name, description and media types. What a POST takes is in the OpenAPI description: the serializers of our views only tell."""

    def determine_actions(self, request, view):
        return {}
