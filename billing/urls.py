"""URLs of documents and ledgers, the same for contacts and staff. The account page is routed in tickets/urls.py."""

from django.urls import path

from billing.documents import as_pdf, as_table
from billing.ledger_export import ledger

urlpatterns = [
    path("documents/<path:number>.pdf", as_pdf, name="document_pdf"),
    path("documents/<path:number>.<table:kind>", as_table, name="document"),
    path("ledger/<path:code>.<table:kind>", ledger, name="ledger"),
]
