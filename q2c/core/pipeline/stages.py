"""Stages and reasons: the pipeline as a company has it, in `pipeline.yaml`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.party import Id, Text
from q2c.core.trace import Sourced

Percent = Annotated[int, Meta(ge=0, le=100)]


class Stage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A step on the way to a sale, and how many in a hundred that came so far were won."""

    id: Id
    name: Text
    probability: Percent


class Reason(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A reason why something is not sold; they are few, so that they can be counted."""

    id: Id
    name: Text


class Pipeline(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The stages in their order, and the reasons of a loss: `pipeline.yaml`."""

    stages: Annotated[tuple[Stage, ...], Meta(min_length=1, max_length=50)]
    lost_reasons: Annotated[tuple[Reason, ...], Meta(min_length=1, max_length=50)]

    def stage(self, id_: str) -> Stage:
        """Give a stage by its id; refuse one that is not there."""
        known = {stage.id: stage for stage in self.stages}
        if id_ not in known:
            message = f"There is no stage '{id_}'."
            raise Unknown(Fault("unknown-stage", message, remedy=listed(id_, known)))
        return known[id_]

    def reason(self, id_: str) -> Reason:
        """Give a reason of a loss by its id; refuse one that is not there, naming all."""
        known = {reason.id: reason for reason in self.lost_reasons}
        if id_ not in known:
            message = f"There is no lost reason '{id_}'."
            raise Unknown(Fault("unknown-reason", message, remedy=listed("", known)))
        return known[id_]


def pipeline_faults(pipeline: Pipeline) -> Iterator[Fault]:
    """Say which stages and reasons have the id of another."""
    for kind in ("stages", "lost_reasons"):
        seen: set[str] = set()
        for place, one in enumerate(getattr(pipeline, kind)):
            if one.id in seen:
                message = f"The id '{one.id}' stands here twice."
                at = f"{kind}.{place}.id"
                yield pipeline.fault("double-id", message, at, "Give one of them another.")
            seen.add(one.id)


def listed(word: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """Ask whether a near one was meant, and name all there are, in their order."""
    meant = nearest(word, known) if word else ""
    all_ = f"There are: {', '.join(known)}."
    return f"{meant} {all_}" if meant.startswith("Did") else all_
