"""What may arrive as a file at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Bounded(FileUploadHandler):
    """First of the handlers: when a request is larger than LARGEST_UPLOAD, its files are dropped as they arrive.

    Not one byte of them is stored; the rest of the form arrives, so that the page can say why.
    """

    is_too_large = False

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, *rest: Any, **more: Any
    ) -> None:
        self.is_too_large = content_length > settings.LARGEST_UPLOAD

    def new_file(self, *about: Any, **more: Any) -> None:
        if self.is_too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
