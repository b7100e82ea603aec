"""Which encoding a file is in: its byte order mark, then what is stated, then strict UTF-8, then GB18030."""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from services.imports.reasons import UnusableError
from services.imports.suspicion import Evidence

AUTO = "auto"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin, new and old."""
_HAN_IN_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one pass over the bytes of a file found out."""

    encoding: str
    lines: int
    digest: str
    """SHA-256 of the bytes, in hexadecimal."""


def require_known(encoding: str) -> None:
    """Refuse an encoding that does not exist, or that is not one of text.

    Raises:
        UnusableError: `encoding.unknown`.
    """
    if encoding == AUTO:
        return
    try:
        known = codecs.lookup(encoding)
    except LookupError:
        raise UnusableError("encoding.unknown", encoding=encoding) from None
    if not getattr(known, "_is_text_encoding", True):
        raise UnusableError("encoding.unknown", encoding=encoding)


def scan(open_bytes: Callable[[], BinaryIO], encoding: str, file: str) -> Scanned:
    """Read a file once: its digest, its length in lines, and the encoding.

    Raises:
        UnusableError: the encoding is unknown, cannot be detected, is in doubt, or changes within the file.
    """
    require_known(encoding)
    digest = hashlib.sha256()
    lines = 0
    misfits: dict[str, int] = {}
    utf8_line = 0
    evidence = Evidence()
    decoder: codecs.IncrementalDecoder | None = None
    with open_bytes() as stream:
        for lines, line in enumerate(stream, 1):
            digest.update(line)
            if lines == 1:
                encoding = _begun(line, encoding, file)
                decoder = None if encoding == AUTO else codecs.getincrementaldecoder(encoding)()
            if decoder is not None:
                _require_decodable(decoder, line, encoding=encoding, file=file, line_number=lines)
            elif not line.isascii():
                utf8_line = _note(line, lines, misfits, utf8_line, evidence)
    if decoder is not None:
        _require_decodable(decoder, b"", encoding=encoding, file=file, line_number=lines, final=True)
    chosen = _chosen(misfits, utf8_line, evidence, file) if encoding == AUTO else encoding
    return Scanned(chosen, lines, digest.hexdigest())


def _begun(line: bytes, encoding: str, file: str) -> str:
    """The encoding that the first line shows by its byte order mark, else the one that is stated."""
    if line.startswith(_WORKBOOKS):
        raise UnusableError("file.no-text", file=file)
    marked = next((name for mark, name in _MARKS if line.startswith(mark)), None)
    if marked is None and encoding == AUTO and b"\0" in line:
        raise UnusableError("file.no-text", file=file)
    return marked or encoding


def _require_decodable(
    decoder: codecs.IncrementalDecoder, line: bytes, *, encoding: str, file: str, line_number: int, final: bool = False
) -> None:
    try:
        decoder.decode(line, final)
    except UnicodeDecodeError as error:
        raise UnusableError("encoding.wrong", file=file, encoding=encoding, line=str(line_number)) from error


def _note(line: bytes, number: int, misfits: dict[str, int], utf8_line: int, evidence: Evidence) -> int:
    """Note which encodings a line does not fit; the first line that is UTF-8 beyond doubt."""
    is_utf8 = _decodes(line, "utf-8")
    if not is_utf8:
        misfits.setdefault("utf-8", number)
        evidence.note(number, line)
    if "gb18030" not in misfits and not _decodes(line, "gb18030"):
        misfits["gb18030"] = number
    if not utf8_line and is_utf8 and len(_HAN_IN_UTF8.findall(line)) >= _ENOUGH:
        return number
    return utf8_line


def _chosen(misfits: dict[str, int], utf8_line: int, evidence: Evidence, file: str) -> str:
    """The encoding whose first misfit does not exist; text that is UTF-8 in parts reads as GB18030 nonsense."""
    if "utf-8" not in misfits:
        return "utf-8"
    if utf8_line:
        raise UnusableError("encoding.mixed", file=file, utf8_line=str(utf8_line), line=str(misfits["utf-8"]))
    if "gb18030" in misfits:
        raise UnusableError("encoding.undetected", file=file, line=str(misfits["gb18030"]))
    doubt = evidence.doubt()
    if doubt is not None:
        raise UnusableError(
            "encoding.doubtful",
            file=file,
            line=str(doubt.line),
            encoding=doubt.encoding,
            as_gb18030=doubt.as_gb18030,
            otherwise=doubt.otherwise,
        )
    return "gb18030"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
