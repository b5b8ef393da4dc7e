"""Files are taken by the pages that upload lists, from policy editors, up to `LIST_UPLOAD_MAX_BYTES`; nowhere else.

First in `FILE_UPLOAD_HANDLERS`, so it stands before the form is read: what is refused is read off the line in small
pieces and thrown away, neither kept in memory nor written to disk, and the page can still answer.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from screening.permissions import can_edit_policy

PAGES = {"screening:upload", "screening:list_file"}


class ListFiles(FileUploadHandler):
    """Lets the files of a list through. `request.upload_too_large` says that they were refused for their size."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.announced = self.received = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        request: Any = self.request
        match = getattr(request, "resolver_match", None)
        if match is None or match.view_name not in PAGES or not can_edit_policy(request.user):
            raise StopUpload(connection_reset=False)
        if self.announced > settings.LIST_UPLOAD_MAX_BYTES:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.LIST_UPLOAD_MAX_BYTES:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        return None

    def _refuse(self) -> None:
        request: Any = self.request
        request.upload_too_large = True
        raise StopUpload(connection_reset=False)
