"""Models of the agents' desk, one module per noun."""

from desk.models.agents import Agent, Notice
from desk.models.automations import Automation, AutomationRun, EventReader
from desk.models.bulk import BulkChange, BulkJob
from desk.models.drafts import Draft, DraftFile
from desk.models.rehearsals import Rehearsal, RehearsedRequest
from desk.models.texts import CannedAnswer, Macro
from desk.models.views import SavedView

__all__ = [
    "Agent",
    "Automation",
    "AutomationRun",
    "BulkChange",
    "BulkJob",
    "CannedAnswer",
    "Draft",
    "DraftFile",
    "EventReader",
    "Macro",
    "Notice",
    "Rehearsal",
    "RehearsedRequest",
    "SavedView",
]
