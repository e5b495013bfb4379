"""The form fields of requests, grouped by the objects they refer to."""

from tickets.fields.base import AssetPicker, AssetsPicker, Candidate, OneOf, PartnerField, SeveralOf
from tickets.fields.companies import EndUserField, OtherPartnerField, ResellerField
from tickets.fields.countries import CountryField
from tickets.fields.dates import IsoDateField
from tickets.fields.devices import DeviceField, DevicesField
from tickets.fields.dids import DidChoice, DidField, DidsField
from tickets.fields.invoices import InvoiceField, InvoiceLinesField
from tickets.fields.orders import OrderField
from tickets.fields.pbxs import NETWORKS, NumberedPbxField, PbxField, ServedPbxField
from tickets.fields.rows import RowsField, plain
from tickets.fields.special_numbers import SpecialNumbersField
from tickets.fields.texts import NamesField, ProseField

__all__ = [
    "NETWORKS",
    "AssetPicker",
    "AssetsPicker",
    "Candidate",
    "CountryField",
    "DeviceField",
    "DevicesField",
    "DidChoice",
    "DidField",
    "DidsField",
    "EndUserField",
    "InvoiceField",
    "InvoiceLinesField",
    "IsoDateField",
    "NamesField",
    "NumberedPbxField",
    "OneOf",
    "OrderField",
    "OtherPartnerField",
    "PartnerField",
    "PbxField",
    "ProseField",
    "ResellerField",
    "RowsField",
    "ServedPbxField",
    "SeveralOf",
    "SpecialNumbersField",
    "plain",
]
