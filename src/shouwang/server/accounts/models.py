"""People who sign in, the roles they hold by area, and what was done by whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shouwang.server.accounts.roles import ROLES


class Users(BaseUserManager):  # type: ignore[type-arg]
    """How accounts are found and made."""

    def create_user(self, username: str, name: str, password: str) -> User:
        """A new account; the password is stored as a hash only."""
        user: User = self.model(username=username, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person; accounts are never shared."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role of a person in an area and everything below it; '' is the whole server (administrators)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, names[0]) for role, names in ROLES.items()])
    area_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "role", "area_code"), name="one_grant_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.area_code}"


class AuditLine(models.Model):
    """What somebody did; written in the transaction of what was done, never changed. ``hash`` covers the line before."""

    at = models.DateTimeField()
    who = models.CharField(max_length=60)
    action = models.CharField(max_length=40)
    area_code = models.CharField(max_length=12, blank=True)
    thing = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    hash_before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.action}"
