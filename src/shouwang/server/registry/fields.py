"""Columns that keep exact what must be exact, on either database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

CENT = Decimal("0.01")


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Yuan with two places: whole fen in SQLite, numeric(12,2) in PostgreSQL; never a float on the way."""

    def __init__(self, **options: Any) -> None:
        options |= {"max_digits": 12, "decimal_places": 2}
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Without the digits, which are always the same."""
        name, path, arguments, options = super().deconstruct()
        return (
            name,
            path,
            arguments,
            {k: v for k, v in options.items() if not k.endswith(("digits", "places"))},
        )

    def get_internal_type(self) -> str:
        """A type of its own, so that no backend converts it as a decimal."""
        return "MoneyField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """bigint where there is no exact decimal."""
        return "bigint" if connection.vendor == "sqlite" else "numeric(12,2)"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Yuan to what is stored."""
        if value is None:
            return None
        exact = Decimal(str(value)).quantize(CENT)
        return int(exact * 100) if connection.vendor == "sqlite" else exact

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The same; Django would format a decimal of its own."""
        return value if hasattr(value, "resolve_expression") else self.get_db_prep_value(value, connection)

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """Only ours: Django's reads a float."""
        return [self._from_db]

    @staticmethod
    def _from_db(value: Any, _expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / 100 if connection.vendor == "sqlite" else Decimal(value)
