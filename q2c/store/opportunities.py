"""The pipeline and its opportunities on disk, and which quotes and orders came of them."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
from msgspec import Struct

from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, Invalid, Unknown, nearest
from q2c.core.money import Money, total
from q2c.core.pipeline import (
    Opportunity,
    Pipeline,
    Won,
    opportunity_faults,
    pipeline_faults,
)
from q2c.core.quote import Draft
from q2c.resources import resource
from q2c.store.master import ById, customer_ids
from q2c.store.orders import numbers, order_path, read_order
from q2c.store.quotes import path_of, quote_numbers, read_draft, versions
from q2c.store.records import read_file, read_folder, read_record
from q2c.store.tree import Tree

PIPELINE = "pipeline.yaml"
FOLDER = "opportunities"


class _Net(Struct):
    net: Money


class _Ordered(Struct):
    """What is needed of an order; a full reading takes ten times as long."""

    number: str
    source: str
    agreed_on: date
    currency: str
    lines: tuple[_Net, ...]


class _Naming(Struct):
    """What is needed of a quote's version."""

    opportunity: str = ""


_ordered = msgspec.json.Decoder(_Ordered).decode
_naming = msgspec.json.Decoder(_Naming).decode


def opportunity_path(id_: str) -> str:
    """Name the file of an opportunity."""
    return f"{FOLDER}/{id_}.yaml"


def read_pipeline(tree: Tree) -> Pipeline:
    """Read the stages and the reasons of a loss; a workspace without them has the usual ones."""
    if tree.exists(PIPELINE):
        return read_file(tree, PIPELINE, Pipeline, pipeline_faults)
    data = resource("data", "starter", PIPELINE).read_bytes()
    return read_record(data, PIPELINE, Pipeline)


def opportunity_ids(tree: Tree) -> list[str]:
    """Name every opportunity without reading one."""
    names = tree.names(FOLDER, ".yaml")
    return [name.rpartition("/")[2].removesuffix(".yaml") for name in names]


def read_opportunities(tree: Tree) -> Mapping[str, Opportunity]:
    """Read every opportunity, by id."""
    return ById(FOLDER, read_folder(tree, FOLDER, Opportunity, _name_faults))


def read_opportunity(tree: Tree, id_: str) -> Opportunity:
    """Read one opportunity; refuse an id that none has, naming one that is alike."""
    known = opportunity_ids(tree)
    if id_ not in known:
        message = f"There is no opportunity '{id_}'."
        raise Unknown(Fault("unknown-opportunity", message, remedy=nearest(id_, known)))
    return read_file(tree, opportunity_path(id_), Opportunity, _name_faults)


def read_won(tree: Tree) -> dict[str, tuple[Won, ...]]:
    """Find the orders that came of opportunities, by the id of the opportunity."""
    found: dict[str, tuple[Won, ...]] = {}
    for number in numbers(tree, "orders"):
        order = _order(tree, number)
        quote, _, version = order.source.partition("/")
        named = _version(tree, quote, version)
        if named:
            net = total((line.net for line in order.lines), order.currency)
            found[named] = (*found.get(named, ()), Won(number, order.agreed_on, net))
    return found


def opportunity_of(tree: Tree, number: str) -> str:
    """Give the opportunity that a quote names: its last version sent, else its draft."""
    sent = versions(tree, number)
    if sent:
        return _version(tree, number, f"v{sent[-1]}")
    name = path_of(number, "quote.yaml")
    # Most drafts name none, and need not be read as drafts to know that.
    if not tree.exists(name) or b"opportunity" not in tree.read(name):
        return ""
    return read_draft(tree, number).opportunity or ""


def quotes_of(tree: Tree, id_: str) -> list[str]:
    """Name the quotes of an opportunity."""
    return [number for number in quote_numbers(tree) if opportunity_of(tree, number) == id_]


def refuse_opportunity(tree: Tree, draft: Draft) -> None:
    """Refuse a draft for an opportunity that is not there, or is of another customer."""
    id_ = draft.opportunity
    if id_ is None:
        return
    if id_ not in (known := opportunity_ids(tree)):
        message = f"There is no opportunity '{id_}'."
        fault = draft.fault("unknown-opportunity", message, "opportunity", nearest(id_, known))
        raise Invalid(fault)
    of = read_opportunity(tree, id_).customer
    if of != draft.customer:
        message = f"{id_} is an opportunity of {of}, and this quote is for {draft.customer}."
        remedy = "Name one of this customer, or take the line away."
        raise Invalid(draft.fault("other-customer", message, "opportunity", remedy))


def opportunities_faults(tree: Tree, catalog: Catalog) -> Iterator[Fault]:
    """Say what the opportunities name that is not there, and which of their days cannot be."""
    pipeline, customers = read_pipeline(tree), dict.fromkeys(customer_ids(tree))
    for opportunity in read_opportunities(tree).values():
        yield from opportunity_faults(opportunity, pipeline, customers, catalog)


def _order(tree: Tree, number: str) -> _Ordered:
    try:
        return _ordered(tree.read(order_path(number)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        read_order(tree, number)  # which says what is wrong with it
        raise


def _version(tree: Tree, quote: str, version: str) -> str:
    name = path_of(quote, f"{version}.json")
    if not tree.exists(name):
        return ""
    try:
        return _naming(tree.read(name)).opportunity
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""  # check tells what is wrong with it; here it names nothing


def _name_faults(opportunity: Opportunity) -> Iterator[Fault]:
    """Say where a file is not named by the id in it."""
    if opportunity.file != opportunity_path(opportunity.id):
        home = opportunity_path(opportunity.id)
        message = f"The id is '{opportunity.id}', so this file belongs in {home}."
        yield opportunity.fault(
            "id-is-not-name", message, "id", "Rename the file or change the id."
        )
