"""Which rows a copy holds, the archive they are written into, and what waits to be erased."""

from attunement_web.rights.models.kinds import About
from attunement_web.rights.queries.about import about_child, about_family
from attunement_web.rights.queries.copying import Copied, write_copy
from attunement_web.rights.queries.waiting import held_back, waiting_for

__all__ = ["About", "Copied", "about_child", "about_family", "held_back", "waiting_for", "write_copy"]
