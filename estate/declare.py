"""The declaration of an estate table, see `estate.tables`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model

from estate.columns import Column, Reference

# SQL for the date of the import, which the import sets for its transaction.
TODAY = "current_setting('careline.today')::date"


@dataclass(frozen=True)
class Table:
    """A CSV file and the model that its rows are written to.

    `key` names the columns that identify a row. `check` takes a row (values by column name) and yields (column, reason) for
    contradictions within it. `computed` is SQL for further fields of the model from the staged row s, `on_insert` for
    those of new rows (others get the model's defaults), `on_update` for those of existing rows, aliased as t. `existing` is SQL
    for the id of the row that s stands for, if the key alone does not determine it. `passes` are conditions on s: rows are added in
    this order if some depend on others; rows of the pass that `makes_room` are changed before others are added. `again` takes (cursor, name
    of the table of changed rows, Change): it derives again what the import takes from existing rows, once they are locked.
    """

    file: str
    model: type[Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    check: Callable | None = None
    computed: dict[str, str] = field(default_factory=dict)
    on_insert: dict[str, str] = field(default_factory=dict)
    on_update: dict[str, str] = field(default_factory=dict)
    existing: str = ""
    passes: tuple[str, ...] = ("true",)
    makes_room: str = ""
    again: Callable | None = None

    def __post_init__(self):
        for column in self.columns:
            column.bind(self.model, key=column.name in self.key)

    @property
    def names(self):
        return [column.name for column in self.columns]

    @property
    def references(self):
        return [column for column in self.columns if isinstance(column, Reference)]

    @property
    def key_columns(self):
        return [column for column in self.columns if column.name in self.key]

    @property
    def stage(self):
        """The name of the temporary table into which the file is staged."""
        return f"incoming_{self.file.removesuffix('.csv')}"
