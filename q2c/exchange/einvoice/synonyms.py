"""Names of elements that other versions of CII have: ZUGFeRD 1.0 and Order-X."""

from collections.abc import Mapping

# What an element is called there, and what CII calls it; the first that can stand there.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    # ZUGFeRD 1.0, which is CII D12B
    "SpecifiedExchangedDocumentContext": ("ExchangedDocumentContext",),
    "HeaderExchangedDocument": ("ExchangedDocument",),
    "SpecifiedSupplyChainTradeTransaction": ("SupplyChainTradeTransaction",),
    "ApplicableSupplyChainTradeAgreement": ("ApplicableHeaderTradeAgreement",),
    "ApplicableSupplyChainTradeDelivery": ("ApplicableHeaderTradeDelivery",),
    "ApplicableSupplyChainTradeSettlement": ("ApplicableHeaderTradeSettlement",),
    "SpecifiedSupplyChainTradeAgreement": ("SpecifiedLineTradeAgreement",),
    "SpecifiedSupplyChainTradeDelivery": ("SpecifiedLineTradeDelivery",),
    "SpecifiedSupplyChainTradeSettlement": ("SpecifiedLineTradeSettlement",),
    "SpecifiedTradeSettlementMonetarySummation": (
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementLineMonetarySummation",
    ),
    "ApplicablePercent": ("RateApplicablePercent",),
    "ID": ("IssuerAssignedID",),
    # Order-X, which is an order by CII
    "OrderCurrencyCode": ("InvoiceCurrencyCode",),
    "RequestedQuantity": ("BilledQuantity",),
    "AgreedQuantity": ("BilledQuantity",),
}
