"""Test that files of evidence are known by what they hold, and cleaned of what nobody meant to hand in."""

from __future__ import annotations

import json
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from geo.errors import EmptyFile, FileTooLarge, UnreadableFile, UnsafeFile
from services.disputes import evidence_files
from services.disputes.evidence_files import clean_file, find_type, make_name

SECRET = "somebody's camera"


def paint(form: str, mode: str = "RGB", **options: object) -> bytes:
    written = BytesIO()
    Image.new(mode, (4, 2), 1).save(written, form, **options)
    return written.getvalue()


def paint_told() -> dict[str, bytes]:
    """Paint pictures that tell on who made them."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = SECRET, 6
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    return {
        "jpeg": paint("JPEG", exif=exif, comment=SECRET.encode()),
        "png": paint("PNG", pnginfo=notes, exif=exif),
        "palette": paint("PNG", "P", pnginfo=notes),
    }


def write_pdf(**parts: object) -> bytes:
    written = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.OpenAction = script
        document.Root.AA = pikepdf.Dictionary(WC=script)
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
        document.Root.AcroForm = pikepdf.Dictionary(XFA="x", Fields=[])
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="evil.exe")
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 1, 1], A=launch)
        carried = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 1, 1])
        document.pages[0].Annots = [link, document.make_indirect(carried)]
        document.attachments["hidden.txt"] = b"hidden"
        document.docinfo["/Author"] = SECRET
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = [SECRET]
        document.save(written, **parts)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "palette"])
def test_pictures_keep_their_pixels_alone(kind):
    cleaned = clean_file("a.png", paint_told()[kind])
    assert SECRET.encode() not in cleaned.content and b"Exif" not in cleaned.content
    with Image.open(BytesIO(cleaned.content)) as picture:
        assert not picture.info.get("exif") and not picture.getexif()
        assert picture.size == ((4, 2) if kind == "palette" else (2, 4)), "turned as the camera said"


@pytest.mark.parametrize(
    "word",
    ["/OpenAction", "/AA", "/JavaScript", "/JS", "/Launch", "/AcroForm", "/FileAttachment", "/EmbeddedFile", "/Info"],
)
def test_documents_neither_act_nor_carry(word):
    cleaned = clean_file("a.pdf", write_pdf(compress_streams=False))
    with pikepdf.open(BytesIO(cleaned.content)) as document:
        written = BytesIO()
        document.save(written, qdf=True, static_id=True)
        assert len(document.pages) == 1
    assert word.encode() + b" " not in written.getvalue()
    assert SECRET.encode() not in written.getvalue()


def test_the_same_document_gives_the_same_bytes():
    document = write_pdf()
    assert clean_file("a.pdf", document) == clean_file("a.pdf", document)


def test_maps_keep_their_geometries_and_plain_properties():
    feature = {"type": "Feature", "properties": {"name": "x", "by": {"who": SECRET}}, "author": SECRET}
    plain = {"type": "FeatureCollection", "crs": SECRET, "features": [feature | {"geometry": point(51.0, 35.0, 9.0)}]}
    cleaned = json.loads(clean_file("a.json", json.dumps(plain).encode()).content)
    assert cleaned["features"] == [
        {"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "Point", "coordinates": [51.0, 35.0]}}
    ]
    assert SECRET not in json.dumps(cleaned)


def point(*xyz: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": list(xyz)}


def test_texts_are_kept_in_utf_8():
    cleaned = clean_file("نامه.txt", "\ufeffسلام\r\nمی‌روم".encode())
    assert (cleaned.content.decode(), cleaned.about.media_type) == ("سلام\nمی‌روم", "text/plain")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", paint("PNG"), "image/png"),
        ("a.exe", paint("JPEG"), "image/jpeg"),
        ("a.png", b"%PDF-1.7", "application/pdf"),
        ("a.pdf", b' {"type": 1}', "application/geo+json"),
        ("a.html", b"<script>", "text/plain"),
    ],
)
def test_the_content_tells_the_kind(name, content, media_type):
    assert find_type(name, content) == media_type


@pytest.mark.parametrize(
    ("content", "error", "rule"),
    [
        (b"", EmptyFile, "empty_file"),
        (b"MZ\x90\x00\xff\xff", UnreadableFile, "evidence_kind"),
        (b"GIF89a\xff\xff", UnreadableFile, "evidence_kind"),
        (b"a\0b", UnsafeFile, "evidence_control"),
        ("a\u202eb".encode(), UnsafeFile, "evidence_control"),
        (b"\x1b[2J", UnsafeFile, "evidence_control"),
        (paint("PNG")[:40], UnreadableFile, "evidence_broken"),
        (paint("JPEG")[:30], UnreadableFile, "evidence_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, UnreadableFile, "evidence_broken"),
        (b"%PDF-1.7\nnothing", UnreadableFile, "evidence_broken"),
        (write_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), UnsafeFile, "evidence_locked"),
        (write_pdf(encryption=pikepdf.Encryption(owner="a", user="")), UnsafeFile, "evidence_locked"),
        (b'{"type": "Point", "coordinates": [NaN, 0]}', UnreadableFile, "evidence_no_map"),
        (b'{"type": "Point", "coordinates": [500, 0]}', UnreadableFile, "evidence_no_map"),
        (b'{"type": "Point", "coordinates": ["a", 0]}', UnreadableFile, "evidence_no_map"),
        (b'{"type": "FeatureCollection", "features": []}', UnreadableFile, "evidence_no_map"),
        (b'{"type": "FeatureCollection", "features": 7}', UnreadableFile, "evidence_no_map"),
        (b"{" * 100_000, UnreadableFile, "evidence_no_map"),
        (b'{"type":"Feature","geometry":null}', UnreadableFile, "evidence_no_map"),
    ],
)
def test_what_is_broken_or_harmful_is_refused(content, error, rule):
    with pytest.raises(error, match=rule):
        clean_file("a", content)


def test_files_have_a_largest_size(monkeypatch):
    monkeypatch.setattr(evidence_files, "MOST_BYTES", 10)
    with pytest.raises(FileTooLarge):
        clean_file("a.txt", b"x" * 11)


def test_pictures_have_a_largest_size(monkeypatch):
    monkeypatch.setattr(evidence_files, "MOST_PIXELS", 7)
    with pytest.raises(UnsafeFile, match="evidence_pixels"):
        clean_file("a.png", paint("PNG"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\map.png", "map.png"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("", "file"),
        ("..", "file"),
        ('x";rm.txt', "x__rm.txt"),
        ("نقشه \u202egnp.exe", "نقشهgnp.exe"),
        ("a" * 300 + ".png", "a" * 100 + ".png"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert make_name(given) == kept
