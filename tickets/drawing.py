"""Draws the first pages of an uploaded file. A program of its own, for files are strangers' work: nothing of Careline is loaded here.

python -I drawing.py TYPE FILE FOLDER MEGABYTES SECONDS   writes 1.webp, 2.webp … into the folder
"""

import contextlib
import itertools
import os
import resource
import sys
from pathlib import Path

from PIL import Image

PAGES = 6
SIZE = (1000, 1600)  # pixels that a page is drawn into
MOST_PIXELS = 60_000_000  # of a picture: what a good telephone takes


def main(content_type, source, folder, megabytes, seconds):
    """Draw under limits of memory, processor time and size of what is written."""
    for limit, most in (
        (resource.RLIMIT_AS, int(megabytes) * 2**20),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 2**23),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(limit, (most, most))
    pages = pdf_pages if content_type == "application/pdf" else picture
    for number, page in enumerate(itertools.islice(pages(source), PAGES), 1):
        keep(page, Path(folder), number)


def pdf_pages(source):
    """The pages of a PDF as pictures, one at a time. Raises what pypdfium2 raises for a broken or encrypted one."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        yield page.render(scale=min(SIZE[0] / width, SIZE[1] / height), may_draw_forms=False).to_pil()


def picture(source):
    """A picture, its first frame, turned as the camera was held. Raises what Pillow raises for a broken one."""
    from PIL import ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice as much
    with Image.open(source, formats=["PNG", "JPEG", "GIF"]) as image:
        image.draft("RGB", SIZE)
        plain = image.convert("RGBA") if image.mode in ("1", "P") else image  # a palette cannot be made smaller well
        plain.thumbnail(SIZE)
        yield ImageOps.exif_transpose(plain)


def keep(page, folder, number):
    """Write a page whole or not at all, on white paper, without what the file said about itself."""
    plain = Image.new("RGB", page.size, "white")
    page = page.convert("RGBA")
    plain.paste(page, mask=page.getchannel("A"))
    draft = folder / f"{number}.{os.getpid()}"
    plain.save(draft, "WEBP", quality=80, method=2)
    draft.replace(folder / f"{number}.webp")


if __name__ == "__main__":
    main(*sys.argv[1:])
