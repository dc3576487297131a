"""Finds the household that a command is about, with the site's own settings and without starting the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import WrongUse
from attunement_web.site import database, environment, native
from attunement_web.site.serve import usual_folder


def folder_of(wanted: Path | None) -> Path:
    data = (wanted or Path(os.environ.get("ATTUNEMENT_DATA") or usual_folder())).expanduser().absolute()
    if not data.is_dir():
        raise WrongUse("no household lives here", place=str(data), remedy="name its folder with --data")
    return data


def settings_of(data: Path) -> dict[str, Any]:
    """How its database is reached, as the site would; nothing is made in the folder."""
    native.use_newer_sqlite()
    try:
        return database.chosen(data)
    except ImproperlyConfigured as error:
        raise WrongUse(str(error)) from error


def open_household(data: Path) -> None:
    """Django over this household's database; nothing is made where there is none."""
    name = settings_of(data)["NAME"]
    if isinstance(name, Path) and not name.exists():
        raise WrongUse("no household lives here", place=str(data), remedy="name its folder with --data")
    os.environ["ATTUNEMENT_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    import django

    django.setup()
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise WrongUse(f"we cannot open the database: {error}", place=str(data)) from error
    if waiting:
        remedy = "start attunement serve once, which brings it up to date"
        raise WrongUse("this household is from an older Attunement", place=str(data), remedy=remedy)


def backups_of(data: Path) -> Path:
    try:
        return environment.place("BACKUPS", data / "backups") or data
    except ImproperlyConfigured as error:
        raise WrongUse(str(error)) from error
