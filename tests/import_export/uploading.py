"""Tables and photos as a seller uploads them."""

import io
import zipfile
from pathlib import Path

from django.core.files.base import ContentFile

from tests.factories import picture_file

TEXT = "slug,title,status,category,sku,options,price,stock\n"
VASE = TEXT + "vase,Vase,listed,decor/vases,V-S,Size: Small,31,9\nvase,,,,V-L,Size: Large,50,2\n"
SAND, INK = (picture_file(colour=colour).read() for colour in ((219, 193, 160), (70, 66, 62)))


def send(client, text, photos=None, name="spring.csv"):
    files = {"table": ContentFile(text.encode() if isinstance(text, str) else text, name)}
    if photos:
        files["photos"] = ContentFile(zipped(photos).getvalue(), "photos.zip")
    return client.post("/sell/import/", files)


def preview(client, *arguments):
    response = send(client, *arguments)
    assert response.status_code == 302, response.context["form"].errors
    return client.get(response.headers["Location"])


def import_all(client, *arguments):
    page = preview(client, *arguments)
    assert not page.context["preview"].problems
    address = f"{page.request['PATH_INFO']}step/"
    return client.post(address, follow=True).content.decode()


def zipped(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer


def files_on_disk(settings):
    return {path.name for path in Path(settings.MEDIA_ROOT).rglob("*.*")}
