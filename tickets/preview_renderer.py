"""Draw the first pages of an uploaded file. A separate program, because files are untrusted: it loads nothing of Careline.

python -I preview_renderer.py TYPE FILE FOLDER MEGABYTES SECONDS   writes 1.webp, 2.webp … into the folder
"""

import contextlib
import itertools
import os
import resource
import sys
from pathlib import Path

from PIL import Image

PAGES = 6
SIZE = (1000, 1600)  # maximum width and height of a page, in pixels
MOST_PIXELS = 60_000_000  # of a picture: as many as a good phone camera produces


def main(content_type, source, folder, megabytes, seconds):
    """Draw the pages under limits on memory, CPU time and file size."""
    for limit, most in (
        (resource.RLIMIT_AS, int(megabytes) * 2**20),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 2**23),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system supports every limit
            resource.setrlimit(limit, (most, most))
    pages = pdf_pages if content_type == "application/pdf" else picture
    for number, page in enumerate(itertools.islice(pages(source), PAGES), 1):
        keep(page, Path(folder), number)


def pdf_pages(source):
    """Yield the pages of a PDF as pictures. Raise pypdfium2's errors for a broken or encrypted file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        yield page.render(scale=min(SIZE[0] / width, SIZE[1] / height), may_draw_forms=False).to_pil()


def picture(source):
    """Yield the first frame of a picture, rotated as the camera was held. Raise Pillow's errors for a broken file."""
    from PIL import ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow rejects twice as many
    with Image.open(source, formats=["PNG", "JPEG", "GIF"]) as image:
        image.draft("RGB", SIZE)
        plain = image.convert("RGBA") if image.mode in ("1", "P") else image  # images with a palette do not scale well
        plain.thumbnail(SIZE)
        yield ImageOps.exif_transpose(plain)


def keep(page, folder, number):
    """Write a page atomically, on a white background and without the file's metadata."""
    plain = Image.new("RGB", page.size, "white")
    page = page.convert("RGBA")
    plain.paste(page, mask=page.getchannel("A"))
    draft = folder / f"{number}.{os.getpid()}"
    plain.save(draft, "WEBP", quality=80, method=2)
    draft.replace(folder / f"{number}.webp")


if __name__ == "__main__":
    main(*sys.argv[1:])
