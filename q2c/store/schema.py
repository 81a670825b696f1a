"""JSON Schema (draft-07) of the record types, for editors that complete and check as one types."""

from collections.abc import Mapping
from typing import Any

import msgspec

from q2c.core.trace import Sourced

Part = Any  # a schema, a list of them, or what stands in one
Schema = dict[str, Part]
DRAFT = "http://json-schema.org/draft-07/schema#"


def schema_of(kind: type) -> Schema:
    """Describe the files of a record type."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/definitions/{name}")
    return {
        "$schema": DRAFT,
        **_plain(root),
        "definitions": {name: _plain(part) for name, part in sorted(parts.items())},
    }


def exported(kinds: Mapping[str, type]) -> dict[str, bytes]:
    """Write the schema file of each record type, by the name it was given."""
    return {
        name: msgspec.json.format(msgspec.json.encode(schema_of(kind), order="sorted")) + b"\n"
        for name, kind in kinds.items()
    }


def _plain(schema: Part) -> Part:
    """Describe what a person writes: numbers as numbers, and nothing that the reader adds."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _plain(part) for key, part in schema.items() if not key.startswith("x-")}
    if "properties" in kept:
        kept["properties"] = {
            key: part
            for key, part in kept["properties"].items()
            if schema["properties"][key] != _ADDED.get(key)
        }
    if kept.get("format") == "decimal":
        del kept["format"]
        kept["type"] = "number"
    elif kept.get("type") == "string" and not kept.keys() & {"format", "pattern"}:
        # The reader takes 11122 for a text where a text belongs, as written.
        kept["type"] = ["string", "number"]
    if "x-say" in schema:
        kept["description"] = f"{schema['x-say']}."
    elif isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].split())
    return kept


_ADDED: Schema = msgspec.json.schema(Sourced)["$defs"]["Sourced"]["properties"]
