"""Runs of a policy pack over the registry, and what they found."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One screening: which pack, for which day and area, by whom; ``summary`` is its run.json."""

    pack = models.CharField(max_length=60)
    on = models.DateField()
    area_code = models.CharField(max_length=12, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    summary = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.pack} {self.on}"


class Finding(models.Model):
    """What a rule found about a household (or a village: no household). ``says`` is the sentence with every value."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    household_id = models.CharField(max_length=40, blank=True, db_index=True)
    area_code = models.CharField(max_length=12, blank=True)
    finding = models.CharField(max_length=60)
    level = models.CharField(max_length=20)
    problem = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=200)
    says = models.TextField()
    values = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("run", "household_id"), name="finding_of_household"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.finding}"


class Unknown(models.Model):
    """A rule that could not be judged for a household, and the columns that would tell."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="unknowns")
    household_id = models.CharField(max_length=40)
    finding = models.CharField(max_length=60)
    missing = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("run", "household_id"), name="unknown_of_household"),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.finding}"


class Indicators(models.Model):
    """The indicators of one household in one run, as the pack names them; what is not known is not there."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="indicators")
    household_id = models.CharField(max_length=40)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("run", "household_id"), name="indicators_of_household"),)

    def __str__(self) -> str:
        return self.household_id
