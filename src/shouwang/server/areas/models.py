"""Areas by their codes: county 6 digits, town 9, village 12 (GB/T 2260 and 10114)."""

from __future__ import annotations

from django.db import models


class Area(models.Model):
    """One area that this server works for. An area holds those whose code begins with its own."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
