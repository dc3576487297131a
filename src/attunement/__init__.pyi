from attunement.corpus.frames import to_frame as to_frame
from attunement.formats import read as read
from attunement.formats import readings as readings
from attunement.reports import to_html as to_html
from attunement.reports import to_markdown as to_markdown
from attunement.reports.at_hand import measure as measure
from attunement.reports.at_hand import report as report

__version__: str
__all__ = ["__version__", "measure", "read", "readings", "report", "to_frame", "to_html", "to_markdown"]
