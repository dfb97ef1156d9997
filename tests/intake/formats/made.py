"""Documents made for the tests, by the libraries that people's programs use."""

import io
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage

import docx
import pypdfium2
from fpdf import FPDF

ORDER = (
    "The Minister of the Interior orders that all services stop using Mistral AI products by"
    " 1 April 2026. The order binds every service of the ministry, and whoever works for it under a"
    " contract."
)
ARRETE = (
    "Le ministre de l'Intérieur ordonne à tous les services de cesser d'utiliser les produits de"
    " Mistral AI au plus tard le 1er avril 2026. L'arrêté s'applique à tous les services du"
    " ministère."
)


def pdf(pages: Iterable[Iterable[str]], *, head: str = "", password: str | None = None) -> bytes:
    """A PDF of pages of paragraphs, with a running head and numbered feet."""
    made = FPDF()
    made.set_font("Helvetica", size=11)
    for number, paragraphs in enumerate(pages, start=1):
        made.add_page()
        if head:
            made.cell(0, 10, head, new_x="LMARGIN", new_y="NEXT")
        for paragraph in paragraphs:
            made.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
            made.ln(6)
        if head:
            made.set_y(-30)
            made.cell(0, 10, f"{number}", align="C")
    if password is not None:
        made.set_encryption(owner_password=password, user_password=password)
    return bytes(made.output())


def scanned(document: bytes) -> bytes:
    """The same PDF as a scanner would make it: each page a picture of it at 200 dots per inch."""
    out = pypdfium2.PdfDocument.new()
    for page in pypdfium2.PdfDocument(document):
        width, height = page.get_size()
        picture = pypdfium2.PdfImage.new(out)
        picture.set_bitmap(page.render(scale=200 / 72, grayscale=True))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        scan = out.new_page(width, height)
        scan.insert_obj(picture)
        scan.gen_content()
    made = io.BytesIO()
    out.save(made)
    return made.getvalue()


def word(paragraphs: Iterable[str], *, heading: str = "") -> bytes:
    """A Word document, with a list and a table."""
    made = docx.Document()
    if heading:
        made.add_heading(heading, level=1)
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.add_paragraph("First of a list", style="List Bullet")
    made.add_paragraph("Second of a list", style="List Bullet")
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Vendor", "Mistral AI"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def mail(text: str, *, html: str = "", attached: dict[str, bytes] | None = None) -> bytes:
    """A message as a mail program writes it."""
    made = EmailMessage()
    made["From"] = "Ministre de l'Intérieur <ministre@interieur.example>"
    made["To"] = "Tous les services <services@interieur.example>"
    made["Subject"] = "Arrêt de Mistral AI"
    made["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    made["Message-ID"] = "<1@interieur.example>"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in (attached or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def zipped(**files: bytes) -> bytes:
    """An archive; `__` in a name stands for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def parts(document: bytes) -> dict[str, bytes]:
    """The files of a Word document, named as `zipped` takes them."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name.replace("/", "__"): archive.read(name) for name in archive.namelist()}
