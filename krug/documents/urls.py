"""Documents have the ready-made screens; files are uploaded and handed out."""

from django.urls import path

from krug.documents.entities.files import DOCUMENT
from krug.documents.entities.stored import FILE
from krug.documents.screens.stored import download_panel, file_bytes, new_file
from krug.kernel.screens.door import SIGNED_IN, door
from krug.kernel.screens.page import contribute
from krug.kernel.screens.urls import entity_urls

contribute("download", "documents/_download.html", download_panel, to=(FILE,))

urlpatterns = [
    *entity_urls(DOCUMENT),
    path("files/new/", door("file.create")(new_file), name="new-file"),
    path("files/<int:pk>/bytes/", door(SIGNED_IN)(file_bytes), name="file-bytes"),
    *entity_urls(FILE),
]
