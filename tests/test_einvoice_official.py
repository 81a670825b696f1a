"""The proof: what q2c bills passes the official rules of every format, and is read back equal."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from q2c.core.einvoice import FORMS, Form, faults_of, stated
from q2c.core.invoice import Invoice
from q2c.core.invoice import faults_of as sums_of
from q2c.documents.einvoice import einvoice_xml, syntax_of
from q2c.exchange.einvoice import read
from tests.einvoices import FILES, invoices
from tests.einvoicing import findings

MANY = 500 if os.environ.get("Q2C_HAMMER") == "1" else 45
generated = settings(
    max_examples=MANY,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("form", FORMS)
@generated
@given(invoice=invoices())
def test_every_kind_of_invoice_passes_the_official_rules_and_is_read_back_equal(
    form: Form, invoice: Invoice
) -> None:
    assert not [*sums_of(invoice)]
    terms = stated(invoice, form, FILES)
    assert not [*faults_of(terms, form)]
    data = einvoice_xml(terms, syntax_of(form))
    assert not findings(data, form)
    assert read(data).terms == terms
