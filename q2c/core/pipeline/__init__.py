"""The pipeline: what may be sold, how far it has come, why it was lost, and what was said."""

from q2c.core.pipeline.activity import LONGEST, Activity, Kind
from q2c.core.pipeline.faults import opportunity_faults
from q2c.core.pipeline.opportunity import (
    Loss,
    Move,
    Opportunity,
    Standing,
    Stay,
    Won,
    closed_on,
    given_up,
    moved,
    probability,
    refuse_closed,
    stage_of,
    standing,
    stays,
    weighted,
)
from q2c.core.pipeline.stages import Pipeline, Reason, Stage, listed, pipeline_faults

__all__ = [
    "LONGEST",
    "Activity",
    "Kind",
    "Loss",
    "Move",
    "Opportunity",
    "Pipeline",
    "Reason",
    "Stage",
    "Standing",
    "Stay",
    "Won",
    "closed_on",
    "given_up",
    "listed",
    "moved",
    "opportunity_faults",
    "pipeline_faults",
    "probability",
    "refuse_closed",
    "stage_of",
    "standing",
    "stays",
    "weighted",
]
