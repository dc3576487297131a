"""The plain words that lie beside the data in a copy."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from attunement_web.rights import bridge
from attunement_web.rights.models.kinds import About


def readme(about: About, now: datetime) -> str:
    words = _(
        "This is a copy of what your family kept in Attunement, made on %(day)s.\n"
        "\n"
        "Please keep it as you would keep a diary: whoever has this file can read it. It is not locked.\n"
        "\n"
        "index.html   open this one to read everything, in any browser, without a network\n"
        "data/        the same for programs: one file for each kind of thing, one line for each thing (JSON)\n"
        "manifest.json   how many lines each file has, and a fingerprint (SHA-256) of each\n"
        "\n"
        "What is not in it: passwords, passkeys and other ways to sign in, e-mail addresses of your family, which\n"
        "phone was used when, and the files of recordings, which we never keep. Backups of the server are not in it.\n"
        "Its words were written by people of your family and by those you let in.\n"
        "\n"
        "To bring it into another Attunement: attunement import THIS-FILE.zip --data FOLDER\n"
        "To get a table of the moments: attunement diary THIS-FILE.zip --out moments.csv\n"
        "What each file and each field means: docs/reference/export.md of Attunement %(version)s.\n"
    )
    text = words % {"day": now.date().isoformat(), "version": bridge.version()}
    if not about.whole:
        text += "\n" + _("It holds part of the family's children, not all.") + "\n"
    return text
