"""What the phone is given: the kit of one child, and the files of the shell."""

from __future__ import annotations

from attunement_web.offline.queries.files import ShellFiles, shell_files
from attunement_web.offline.queries.kit import kit

__all__ = ["ShellFiles", "kit", "shell_files"]
