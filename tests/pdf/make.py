#!/usr/bin/env python3
"""Makes the PDFs of this folder. Their texts were written for these tests; names and hosts are invented.

    pip install reportlab weasyprint pypdf && python3 make.py
"""
import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from weasyprint import HTML

HERE = Path(__file__).parent

PROSE = """The Minister of Tides, Mira Solberg, said on Tuesday that the new breakwater at Skarvik will be finished
before the storms of the autumn, and that no boat will have to leave the inner harbour while the work goes on.
"We promised the fishers a safe winter, and we keep our word," she told reporters on the quay. The Deputy Minister for
Lighthouses, Tomas Vik, proposed that the old light on the north head should be kept as a museum of navigation.

The work costs four million crowns, half of which the National Harbour Agency pays. It began in the spring with the
dredging of the channel, which took six weeks longer than the engineers had thought because of wrecks that no chart
showed. Two of the wrecks were brought ashore and will be shown to visitors in the summer.

Representatives of the villages asked for a second ferry during the works. Ms Solberg recommended a timetable under
which the ferry to the outer islands leaves every hour, and stressed that freight has to wait for passengers.
Long-term plans of the ministry foresee a deeper basin. A long-term lease of the eastern quay ends in two years."""

MORE = """Under the agreement the agency also takes over the two tugs that the ministry bought ten years ago. Their crews
keep their posts and their pay. The Director of the agency, Ida Holm, promised to publish what each ship costs, once a
year, beginning with the report of next spring.

Fishers from Ravnsund welcomed the decision but recommended that the ice house be repaired first, because without ice the
catch of a whole week was lost last summer. The Deputy Minister for Lighthouses answered that the money for the ice house
is there, and that the work waits only for a roof of the right kind.

The breakwater is the longest that the country has built since the great storm. Stones for it come from the quarry at
Lomen, by barge and not by road, so that the villages along the coast are spared the noise. A new bell buoy marks the
entrance at night until the lamps on the pier heads are lit. The harbour master asked all skippers to keep to the
northern channel while divers are at work, and to pass them at the lowest speed that keeps a boat under control."""

ARABIC = """قالت وزيرة الموانئ سلمى الراوي يوم الثلاثاء إن الرصيف الجديد في ميناء المرسى سيكتمل قبل عواصف الخريف، وإن القوارب لن تغادر الحوض الداخلي أثناء العمل.
وأكدت الوزيرة أن كلفة العمل تبلغ 4 ملايين، تدفع هيئة الموانئ الوطنية نصفها، وأن شركة Tide Works بدأت الحفر في الربيع.
واقترح نائب الوزيرة للمنارات تامر الوكيل أن تبقى المنارة القديمة متحفا للملاحة."""


def web(name, style, body, lang="en", title=""):
    page = f"<html lang={lang}><head><title>{title}</title><style>{style}</style></head><body>{body}</body></html>"
    HTML(string=page).write_pdf(HERE / name)


def paragraphs(text, lang=""):
    return "".join(f"<p {lang}>{part}</p>" for part in text.split("\n\n" if "\n\n" in text else "\n"))


RUNNING = """@page { size: A5; margin: 2.2cm; @top-left { content: "Ministry of Tides · Press service"; font-size: 8pt }
  @bottom-center { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
  body { font: 10pt "DejaVu Serif"; } h1 { font-size: 17pt } .org { font-size: 12pt }"""


def columns():
    """Two columns under a headline over both, words parted at the ends of lines, running head and foot."""
    style = RUNNING + """ .text { columns: 2; column-gap: 16pt; text-align: justify; hyphens: auto }
      h1, .org, .day { text-align: center } .text p { margin: 0; text-indent: 1em }"""
    text = paragraphs(PROSE)
    more = paragraphs(MORE)
    web("columns.pdf", style, f"""<div class=org>Ministry of Tides</div><h1>Breakwater at Skarvik to be finished before
      autumn</h1><p class=day>2 March 2021</p><div class=text>{text}{more}</div>""", title="Microsoft Word - template3.doc")


def arabic():
    style = """@page { size: A5; margin: 2cm } body { font: 12pt "DejaVu Sans"; direction: rtl } h1 { font-size: 18pt }"""
    web("arabic.pdf", style, f"<h1>رصيف المرسى يكتمل قبل الخريف</h1><p>15 مارس 2021</p>{paragraphs(ARABIC)}", lang="ar")


def plain():
    """One type and one size throughout: only its place tells the headline."""
    sheet = io.BytesIO()
    page = canvas.Canvas(sheet, pagesize=A4, pageCompression=0)
    page.setTitle("release_final_v2")
    lines = ["PRESS RELEASE", "", "Ferry to the outer islands leaves every hour", "", "14 May 2022", ""]
    for part in PROSE.split("\n\n")[:2]:
        lines += part.split("\n") + [""]
    at = 780
    for line in lines:
        page.setFont("Helvetica", 11)
        page.drawString(70, at, line)
        at -= 14
    page.save()
    (HERE / "plain.pdf").write_bytes(sheet.getvalue())


def scanned():
    """Two pages of pictures."""
    sheet = io.BytesIO()
    page = canvas.Canvas(sheet, pagesize=A4)
    for _ in range(2):
        page.rect(100, 100, 300, 500, fill=1)
        page.showPage()
    page.save()
    (HERE / "scanned.pdf").write_bytes(sheet.getvalue())


def locked(name, user):
    """Locked for the user, or only against changes."""
    writer = PdfWriter(clone_from=PdfReader(HERE / "plain.pdf"))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    writer.write(HERE / name)


if __name__ == "__main__":
    columns()
    arabic()
    plain()
    scanned()
    locked("locked.pdf", "secret")
    locked("no-changes.pdf", "")
