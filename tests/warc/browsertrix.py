"""Writes crawl.wacz as Browsertrix does: WARC files of two hands at once, screenshots, texts, two lists of pages, a packed index.

The pages are NAME.html in the folder that it runs in. Beside the WACZ the WARC files lie by themselves, in crawl/.
"""

import gzip
import hashlib
import io
import json
import os
import zipfile

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

SITE = "https://www.tides.example"
NOW = "2024-03-04T09:00:00Z"
SOFTWARE = "Browsertrix-Crawler 1.7.0 (with warcio.js 2.4.4)"
CERT = '{"ipType":"Public","cert":{"issuer":"R3","ctc":"1"}}'
PAGES = {name: open(name + ".html", "rb").read() for name in ("pier", "ferry", "ports", "menu")}


def sha256(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def digest(body):
    made = Digester("sha1")
    made.update(body)
    return str(made)


class File:
    """A WARC file with the lines of its index."""

    def __init__(self, name):
        self.name, self.out, self.lines = name, io.BytesIO(), []
        self.writer = WARCWriter(self.out, gzip=True, warc_version="1.1")
        self.writer.write_record(self.writer.create_warcinfo_record(name, {"software": SOFTWARE}))

    def add(self, url, kind, body, mime, told, http=None, **more):
        told = {"WARC-Date": NOW, "WARC-Page-ID": "p1", **told}
        record = self.writer.create_warc_record(url, kind, io.BytesIO(body), warc_headers_dict=told, http_headers=http, **more)
        self.put(record, url, mime)
        return record.rec_headers["WARC-Record-ID"]

    def put(self, record, url, mime):
        at = self.out.tell()
        self.writer.write_record(record)
        status = record.http_headers.get_statuscode() if record.http_headers else "200"
        said = {"url": url, "mime": mime, "status": status, "digest": record.rec_headers["WARC-Payload-Digest"]}
        said |= {"length": self.out.tell() - at, "offset": at, "filename": self.name}
        self.lines.append(f"{url.replace(SITE, 'example,tides,www)')} 20240304090000 {json.dumps(said)}\n")

    def response(self, path, body, mime="text/html", kind="document", status="200 OK", protocol="HTTP/1.1", more=()):
        # What a browser unpacked is written down unpacked, under other names of its headers.
        headers = [("content-type", mime), ("x-orig-content-encoding", "br"), *more]
        told = {"WARC-Resource-Type": kind, "WARC-Protocol": "h2, tls/1.3", "WARC-JSON-Metadata": CERT}
        of = self.add(SITE + path, "response", body, mime, told, StatusAndHeaders(status, headers, protocol))
        asked = StatusAndHeaders(f"GET {path} HTTP/1.1", [("Host", "www.tides.example")], is_http_request=True)
        told = {"WARC-Concurrent-To": of, "WARC-Date": NOW}
        request = self.writer.create_warc_record(SITE + path, "request", io.BytesIO(), warc_headers_dict=told, http_headers=asked)
        self.writer.write_record(request)

    def revisit(self, path, page, of):
        http = StatusAndHeaders("200 OK", [("content-type", "text/html")], "HTTP/1.1")
        told = {"WARC-Date": NOW, "WARC-Page-ID": "p2", "WARC-Resource-Type": "document"}
        record = self.writer.create_revisit_record(SITE + path, digest(PAGES[page]), SITE + of, NOW, http, told)
        self.put(record, SITE + path, "warc/revisit")

    def resource(self, url, mime, body):
        self.add(url, "resource", body, mime, {}, warc_content_type=mime)


def crawled():
    one, two = (File(f"rec-a1b2-20240304090000000-{hand}.warc.gz") for hand in (0, 1))
    views, texts = File("screenshots-20240304090000000.warc.gz"), File("text-20240304090000000.warc.gz")
    one.response("/robots.txt", b"User-agent: *\nAllow: /\n", "text/plain", "other")
    one.response("/old/pier", b"", status="301 Moved Permanently", more=[("location", "/news/pier")])
    one.response("/news/pier", PAGES["pier"])
    one.response("/look.js", b"document.title", "application/javascript", "script")
    one.response("/parts/menu", PAGES["menu"], kind="fetch")
    # The other hand has this page, and writes it to the file that comes later.
    one.revisit("/en/news/ferry", "ferry", "/news/ferry")
    info = {"pageid": "p1", "urls": {SITE + "/news/pier": {"status": 200, "mime": "text/html", "type": "document"}}}
    one.resource(f"urn:pageinfo:{SITE}/news/pier", "application/json", json.dumps(info).encode())
    two.response("/news/ferry", PAGES["ferry"], protocol="HTTP/2")
    two.response("/news/ports", PAGES["ports"])
    two.revisit("/news/pier", "pier", "/news/pier")
    two.revisit("/en/news/pier", "pier", "/news/pier")
    for kind in ("view", "thumbnail"):
        views.resource(f"urn:{kind}:{SITE}/news/pier", "image/png", b"\x89PNG\r\n\x1a\n")
    for kind in ("text", "textFinal"):
        texts.resource(f"urn:{kind}:{SITE}/news/pier", "text/plain", b"New pier opens at Skarvik")
    return [one, two, views, texts]


def index(lines):
    """The lines in packed blocks, and the list of the blocks."""
    packed, blocks = b"", '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
    for at in range(0, len(lines), 4):
        block = gzip.compress("".join(lines[at : at + 4]).encode())
        said = {"offset": len(packed), "length": len(block), "digest": sha256(block), "filename": "index.cdx.gz"}
        blocks += f"{lines[at].split(' {')[0]} {json.dumps(said)}\n"
        packed += block
    return {"indexes/index.cdx.gz": packed, "indexes/index.idx": blocks.encode()}


def listed(name, paths):
    head = {"format": "json-pages-1.0", "id": name, "title": name, "hasText": "true"}
    said = {"ts": NOW, "status": 200, "mime": "text/html", "loadState": 4, "depth": 0, "text": "New pier opens"}
    pages = [{"id": path, "url": SITE + path, "title": path, **said} for path in paths]
    return "".join(json.dumps(line) + "\n" for line in [head, *pages]).encode()


class Pipe(io.RawIOBase):
    """A file that is written as a stream: how long its parts are stands behind them."""

    def __init__(self, out):
        self.out = out

    def writable(self):
        return True

    def write(self, part):
        return self.out.write(part)


files = crawled()
parts = {f"archive/{file.name}": file.out.getvalue() for file in files}
parts |= index(sorted(line for file in files for line in file.lines))
parts["pages/pages.jsonl"] = listed("pages", ["/news/pier"])
parts["pages/extraPages.jsonl"] = listed("extra-pages", ["/news/ferry", "/news/ports"])
parts["logs/crawl-20240304.log"] = b'{"logLevel":"info","context":"general","message":"Browsertrix-Crawler 1.7.0"}\n'
named = [{"name": os.path.basename(path).lower(), "path": path, "hash": sha256(body), "bytes": len(body)} for path, body in parts.items()]
package = {"profile": "data-package", "resources": named, "created": NOW, "wacz_version": "1.1.1", "software": SOFTWARE}
parts["datapackage.json"] = json.dumps(package, indent=2).encode()
made = {"path": "datapackage.json", "hash": sha256(parts["datapackage.json"])}
parts["datapackage-digest.json"] = json.dumps(made).encode()
with open("crawl.wacz", "wb") as out, zipfile.ZipFile(Pipe(out), "w", zipfile.ZIP_STORED) as wacz:
    for path, body in parts.items():
        wacz.writestr(path, body)
os.mkdir("crawl")
for file in files:
    with open(f"crawl/{file.name}", "wb") as out:
        out.write(file.out.getvalue())
