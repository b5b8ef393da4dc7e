"""What a file seems to be, told from its first bytes: the part of an error that says what to do instead."""

import re

from policies.importers.shape import ListFile

HEAD = 4_096

_XML = {
    "CONSOLIDATED_LIST": "the list of the United Nations Security Council; import it with the source un",
    "sdnList": "the classic XML of OFAC; import it with the source ofac_sdn_xml or ofac_consolidated_xml",
    "Sanctions": "the advanced XML of OFAC; import it with the source ofac_sdn_advanced or ofac_consolidated_advanced",
    "sanctionsData": "the enhanced XML of OFAC; take SDN_ADVANCED.XML or CONS_ADVANCED.XML instead",
    "export": "the consolidated financial sanctions list of the European Union; import it with the source eu",
    "Designations": "the sanctions list of the United Kingdom; import it with the source uk_xml",
    "ArrayOfFinancialSanctionsTarget": "the closed list of HM Treasury; take the UK sanctions list instead",
    "html": "a web page: the address has moved or asks for a login",
    "Error": "an error message of the publisher's server; download the file again",
}
_MAGIC = (
    (b"PK\x03\x04", "a ZIP or XLSX file"),
    (b"\x1f\x8b", "a gzip file; unpack it first"),
    (b"%PDF", "a PDF document; take the publisher's data file instead"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file; save it as XLSX"),
)
_STARTS = (
    (re.compile(rb"\s*<!doctype html", re.IGNORECASE), _XML["html"]),
    (re.compile(rb"\s*\{[^\n]*\"schema\""), "FollowTheMoney JSON lines; import them with opensanctions_ftm"),
    (re.compile(rb"\s*\{.*\"results\"", re.DOTALL), "the US consolidated screening list; import it with us_csl_json"),
    (re.compile(rb"\s*[\[{]"), "JSON"),
    (re.compile(rb"\"?Name\"?\t\"?Street_Address"), "the US Denied Persons List; import it with bis_dpl"),
    (re.compile(rb"_?id,source,entity_number,"), "the US consolidated screening list; import it with us_csl"),
    (
        re.compile(rb"\"?id\"?,\"?schema\"?,\"?name\"?,"),
        "the simple CSV of OpenSanctions; import it with opensanctions_csv",
    ),
    (re.compile(rb'"?Last Updated"?,"?\d'), "the closed list of HM Treasury; take the UK sanctions list instead"),
    (re.compile(rb"Report Date:", re.IGNORECASE), "the UK sanctions list as CSV; import it with uk_csv"),
    (
        re.compile(rb'\d+,(?:"[^"]*"|-0- ),(?:"|-0- )'),
        "a CSV file of OFAC; import it with ofac_sdn or ofac_consolidated",
    ),
    (re.compile(rb"[^\n<]*,[^\n<]*,[^\n<]*\n"), "a CSV file"),
)
_MARKUP = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def seems(head: bytes) -> str:
    """Words for what a file is by its first `HEAD` bytes, or "" where that is not easily seen.

    >>> seems(b'<?xml version="1.0"?><sdnList xmlns="x">')
    'the classic XML of OFAC; import it with the source ofac_sdn_xml or ofac_consolidated_xml'
    """
    head = head[:HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return words
    for pattern, words in _STARTS:
        if pattern.match(head):
            return words
    root = _MARKUP.search(head) if head.lstrip().startswith(b"<") else None
    return _XML.get(root[1].decode(errors="replace"), "") if root else ""


def instead(file: ListFile) -> str:
    """The end of a sentence that refuses a file: `; it seems to be ...`, or nothing."""
    place = file.stream.tell()
    file.stream.seek(0)
    words = seems(file.stream.read(HEAD))
    file.stream.seek(place)
    return f"; it seems to be {words}" if words else ""
