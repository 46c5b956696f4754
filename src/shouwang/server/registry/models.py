"""What is known of households now, in the dictionary's columns; what changed, when and from where, as rows.

Columns are those of :mod:`shouwang.tables.dictionary`, compared by a test. NULL is "not known". ``secret`` holds what
only some may read (see :mod:`shouwang.server.registry.secrets`); ``id_index`` finds a number without reading it.
"""

from __future__ import annotations

from django.db import models

from shouwang.server.registry.fields import MoneyField

SECRET = {
    "households": ("phone",),
    "members": ("id_number", "disability_certificate", "skill_certificate", "phone", "note"),
}
"""Dictionary columns that are stored encrypted only."""


class Household(models.Model):
    """One household as it is known now."""

    household_id = models.CharField(primary_key=True, max_length=40)
    area_code = models.CharField(max_length=12, null=True, blank=True, db_index=True)
    group_name = models.TextField(null=True, blank=True)
    head_name = models.TextField(null=True, blank=True)
    address = models.TextField(null=True, blank=True)
    household_type = models.CharField(max_length=40, null=True, blank=True)
    monitoring_status = models.CharField(max_length=40, null=True, blank=True)
    monitoring_type = models.CharField(max_length=40, null=True, blank=True)
    identified_on = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    away = models.BooleanField(null=True, blank=True)
    cannot_communicate = models.BooleanField(null=True, blank=True)
    relocated = models.BooleanField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    low_income_group = models.BooleanField(null=True, blank=True)
    income_per_capita_last_year = MoneyField(null=True, blank=True)
    income_per_capita_two_years_ago = MoneyField(null=True, blank=True)
    income_per_capita_three_years_ago = MoneyField(null=True, blank=True)
    below_13000 = models.BooleanField(null=True, blank=True)
    food_short = models.BooleanField(null=True, blank=True)
    clothing_short = models.BooleanField(null=True, blank=True)
    compliant_expense_last_year = MoneyField(null=True, blank=True)
    income_band = models.CharField(max_length=40, null=True, blank=True)
    dibao_tier = models.CharField(max_length=40, null=True, blank=True)
    willing = models.BooleanField(null=True, blank=True)
    able_to_develop = models.BooleanField(null=True, blank=True)
    contact = models.TextField(null=True, blank=True)
    school_dropout = models.BooleanField(null=True, blank=True)
    uninsured_member = models.BooleanField(null=True, blank=True)
    housing_unsafe = models.BooleanField(null=True, blank=True)
    water_unsafe = models.BooleanField(null=True, blank=True)
    oop_education = MoneyField(null=True, blank=True)
    oop_medical = MoneyField(null=True, blank=True)
    oop_other = MoneyField(null=True, blank=True)
    insurance_payout = MoneyField(null=True, blank=True)
    farmland_mu = MoneyField(null=True, blank=True)
    forest_mu = MoneyField(null=True, blank=True)
    economic_forest_mu = MoneyField(null=True, blank=True)
    ecological_forest_mu = MoneyField(null=True, blank=True)
    homestead = models.BooleanField(null=True, blank=True)
    self_built_house = models.BooleanField(null=True, blank=True)
    house_structure = models.CharField(max_length=40, null=True, blank=True)
    house_structure_note = models.TextField(null=True, blank=True)
    flats_in_county = models.IntegerField(null=True, blank=True)
    flats_in_city = models.IntegerField(null=True, blank=True)
    flats_elsewhere = models.IntegerField(null=True, blank=True)
    shops_in_county = models.IntegerField(null=True, blank=True)
    shops_in_city = models.IntegerField(null=True, blank=True)
    shops_elsewhere = models.IntegerField(null=True, blank=True)
    cars = models.IntegerField(null=True, blank=True)
    commercial_vehicles = models.IntegerField(null=True, blank=True)
    machinery = models.IntegerField(null=True, blank=True)
    business = models.BooleanField(null=True, blank=True)
    large_grower = models.BooleanField(null=True, blank=True)
    large_grower_kind = models.CharField(max_length=40, null=True, blank=True)
    large_breeder = models.BooleanField(null=True, blank=True)
    large_breeder_kind = models.CharField(max_length=40, null=True, blank=True)
    scale_producer = models.BooleanField(null=True, blank=True)
    public_payroll = models.BooleanField(null=True, blank=True)
    village_official = models.BooleanField(null=True, blank=True)
    high_salary = models.BooleanField(null=True, blank=True)
    cattle_stock = models.IntegerField(null=True, blank=True)
    cattle_sold = models.IntegerField(null=True, blank=True)
    sheep_stock = models.IntegerField(null=True, blank=True)
    sheep_sold = models.IntegerField(null=True, blank=True)
    livestock_net_income = MoneyField(null=True, blank=True)
    last_changed_on = models.DateField(null=True, blank=True)
    secret = models.BinaryField(null=True)

    class Meta:
        indexes = (models.Index(fields=("area_code", "household_id"), name="household_by_area"),)

    def __str__(self) -> str:
        return self.household_id


class Member(models.Model):
    """One member of a household, present or gone."""

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="members", db_column="household_id"
    )
    member_id = models.CharField(primary_key=True, max_length=40)
    name = models.TextField(null=True, blank=True)
    relation = models.CharField(max_length=40, null=True, blank=True)
    relation_word = models.TextField(null=True, blank=True)
    id_type = models.CharField(max_length=40, null=True, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=40, null=True, blank=True)
    ethnic_group = models.TextField(null=True, blank=True)
    months_in_household = models.IntegerField(null=True, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    labour_capacity = models.CharField(max_length=40, null=True, blank=True)
    labour_reason = models.CharField(max_length=40, null=True, blank=True)
    trade = models.CharField(max_length=40, null=True, blank=True)
    trade_note = models.TextField(null=True, blank=True)
    medical_insurance = models.BooleanField(null=True, blank=True)
    insurance_kinds = models.TextField(null=True, blank=True)
    pension_enrolled = models.BooleanField(null=True, blank=True)
    family_doctor = models.BooleanField(null=True, blank=True)
    in_school = models.BooleanField(null=True, blank=True)
    school_stage = models.CharField(max_length=40, null=True, blank=True)
    home_teaching = models.BooleanField(null=True, blank=True)
    cannot_attend = models.BooleanField(null=True, blank=True)
    disability_level = models.IntegerField(null=True, blank=True)
    serious_illness = models.BooleanField(null=True, blank=True)
    mental_disorder = models.BooleanField(null=True, blank=True)
    chronic_illness = models.BooleanField(null=True, blank=True)
    employment_place = models.CharField(max_length=40, null=True, blank=True)
    public_post = models.BooleanField(null=True, blank=True)
    months_worked = models.IntegerField(null=True, blank=True)
    sector = models.TextField(null=True, blank=True)
    workplace = models.TextField(null=True, blank=True)
    board_provided = models.BooleanField(null=True, blank=True)
    serving = models.BooleanField(null=True, blank=True)
    shares_income = models.BooleanField(null=True, blank=True)
    initials = models.CharField(max_length=20, blank=True, db_index=True)  # of the name, for searching
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    secret = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.member_id


class IncomeItem(models.Model):
    """One item of income or expense."""

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="income_items", db_column="household_id"
    )
    item_id = models.CharField(primary_key=True, max_length=40)
    member_id = models.CharField(max_length=40, null=True, blank=True)
    kind = models.TextField(null=True, blank=True)
    amount = MoneyField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    quarter = models.TextField(null=True, blank=True)
    realised = models.BooleanField(null=True, blank=True)
    basis = models.CharField(max_length=40, null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    note = models.TextField(null=True, blank=True)

    def __str__(self) -> str:
        return self.item_id


class Source(models.Model):
    """Where facts came from: a file that was taken in, later a visit. What it says is never changed."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    held_on = models.DateField()
    area_code = models.CharField(max_length=12, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """Files that somebody sent, read but not taken in yet: what was found lies encrypted under ``evidence``."""

    STATES = (("waiting", "waiting"), ("taken", "taken"), ("declined", "declined"))

    name = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    held_on = models.DateField()
    area_code = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64)
    evidence = models.CharField(max_length=32, blank=True)
    report = models.JSONField(default=dict)  # of the reading; numbers masked
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    source = models.OneToOneField(Source, null=True, on_delete=models.PROTECT, related_name="upload")

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """What one source changed of one household, member or item: column → [before, after]. Only ever added to."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="changes")
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="changes", db_column="household_id"
    )
    table = models.CharField(max_length=20)
    entity = models.CharField(max_length=40)
    held_on = models.DateField()
    recorded_at = models.DateTimeField()
    changes = models.JSONField()
    is_new = models.BooleanField(default=False)  # the source told of the entity for the first time
    secret = models.BinaryField(null=True)  # what was kept secret before, for undoing

    class Meta:
        indexes = (
            models.Index(fields=("household", "held_on", "recorded_at"), name="change_timeline"),
            models.Index(fields=("table", "entity", "held_on"), name="change_of_entity"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.entity}"
