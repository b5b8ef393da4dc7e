"""XML lists that are cut off, hostile, mis-encoded or another list: every format refuses them and says what to do."""

import tracemalloc

import pytest

from policies.importers import ListFile, ListFileError, Report, Row, importers
from policies.importers.recognise import seems
from tests.policies.files import UN_HEAD, list_file, sample

ENTITY = "<ENTITY><FIRST_NAME>ONE</FIRST_NAME><REFERENCE_NUMBER>QDe.1</REFERENCE_NUMBER></ENTITY>"
WHOLE = {
    "un": f"{UN_HEAD}<ENTITIES>{ENTITY}</ENTITIES>\n</CONSOLIDATED_LIST>\n",
    "ofac_sdn_xml": sample("sdn.xml").stream.read().decode(),
    "ofac_sdn_advanced": sample("sdn_advanced.xml").stream.read().decode(),
    "eu": sample("eu.xml").stream.read().decode(),
    "uk_xml": sample("uk.xml").stream.read().decode(),
}
ROOTS = {
    "un": "CONSOLIDATED_LIST", "ofac_sdn_xml": "sdnList", "ofac_sdn_advanced": "Sanctions", "eu": "export",
    "uk_xml": "Designations",
}  # fmt: skip
RECORDS = {
    "un": "ENTITY", "ofac_sdn_xml": "sdnEntry", "ofac_sdn_advanced": "DistinctParty", "eu": "sanctionEntity",
    "uk_xml": "Designation",
}  # fmt: skip
every_format = pytest.mark.parametrize("source", WHOLE)


def read(source: str, content: str | bytes) -> list[Row]:
    """All rows of all lists of a source."""
    return [row for importer in importers(source) for row in importer.parse([list_file(content, "list.xml")], Report())]


def refused(source: str, content: str | bytes) -> str:
    with pytest.raises(ListFileError) as error:
        read(source, content)
    return str(error.value)


@every_format
def test_the_whole_file_is_read(source: str) -> None:
    assert read(source, WHOLE[source])


@every_format
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_is_refused_with_its_place(source: str, part: float) -> None:
    raw = WHOLE[source].encode().rstrip()
    sentence = refused(source, raw[: int(len(raw) * part)])
    assert sentence.startswith("list.xml, line ")
    assert "cut off or damaged, download it again" in sentence


@every_format
@pytest.mark.parametrize(("content", "sentence"), [("", "the file is empty (0 bytes)"), (" \n\n", "no element found")])
def test_an_empty_file_is_refused_and_is_no_empty_list(source: str, content: str, sentence: str) -> None:
    assert sentence in refused(source, content)


@every_format
@pytest.mark.parametrize("other", WHOLE)
def test_every_format_refuses_the_others_and_says_what_they_are(source: str, other: str) -> None:
    if source != other:
        sentence = refused(source, WHOLE[other])
        assert f"the root element is {ROOTS[other]!r}, expected {ROOTS[source]!r}; it seems to be " in sentence
        assert other in sentence, "the sentence names the source to import it with"


@every_format
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA"\r\n', "a CSV file of OFAC"),
        (b"id,schema,name\r\n1,Person,X\r\n", "a CSV file"),
        (b'{"hits": []}', "JSON"),
        (b"PK\x03\x04\x14\x00", "a ZIP or XLSX file"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"<!DOCTYPE html>\n<html><body>moved</body></html>", "a web page"),
        (b"<html><body>moved</body></html>", "a web page"),
    ],
)
def test_what_is_no_xml_list_is_called_by_its_name(source: str, content: bytes, words: str) -> None:
    assert f"it seems to be {words}" in refused(source, content)


def _declared(source: str, declaration: str, value: str) -> str:
    root = ROOTS[source]
    return f'<?xml version="1.0"?>\n{declaration}\n<{root}>{value}</{root}>'


@every_format
@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
        ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>', ""),
        ('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>', "&c;"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', ""),
        ("<!DOCTYPE x>", ""),
    ],
)
def test_a_document_type_declaration_is_refused_before_anything_is_opened(
    source: str, declaration: str, value: str
) -> None:
    sentence = refused(source, _declared(source, declaration, value))
    assert sentence.startswith("list.xml, line 2, column ")
    assert "a document type declaration stands in the file; lists have none, and it may hide an attack" in sentence


@every_format
def test_elements_30_000_deep_are_refused(source: str) -> None:
    inside = f"<{RECORDS[source]}>" + "<a>" * 30_000 + "</a>" * 30_000 + f"</{RECORDS[source]}>"
    for nested in (inside, "<a>" * 30_000):
        sentence = refused(source, _declared(source, "", nested))
        assert "elements stand 64 deep within each other; this is no list file" in sentence


@every_format
@pytest.mark.parametrize("form", ["<a>{}</a>", '<a b="{}"/>', "<!--{}-->", "<a><![CDATA[{}]]></a>", "<{}/>"])
def test_a_value_of_megabytes_is_refused(source: str, form: str) -> None:
    record = RECORDS[source]
    sentence = refused(source, _declared(source, "", f"<{record}>{form.format('x' * 9_000_000)}</{record}>"))
    assert "is larger than 4000000" in sentence


@every_format
def test_many_small_values_do_not_make_a_large_entry(source: str) -> None:
    record = RECORDS[source]
    sentence = refused(source, _declared(source, "", f"<{record}>{'<a>123456789</a>' * 500_000}</{record}>"))
    assert "the entry is larger than 4000000 characters" in sentence


@every_format
@pytest.mark.parametrize("form", ["<a{}/>", '<a b{}="1"/>'])
def test_names_without_end_are_refused(source: str, form: str) -> None:
    sentence = refused(source, _declared(source, "", "".join(form.format(number) for number in range(2_000))))
    assert "more than 1000 kinds of elements or attributes; this is no list file" in sentence


@every_format
def test_a_wrong_encoding_is_refused_with_the_byte(source: str) -> None:
    raw = WHOLE[source].encode()
    at = raw.rindex(b"</")
    line = raw[:at].count(b"\n") + 1
    sentence = refused(source, raw[:at] + b"\xe9" + raw[at:])
    assert f"list.xml, line {line}, column " in sentence
    assert "not well-formed (invalid token): byte 0xe9 does not belong to the declared encoding" in sentence


@every_format
@pytest.mark.parametrize("encoding", ["klingon", "gb2312", "utf-32"])
def test_an_encoding_that_cannot_be_read_is_refused(source: str, encoding: str) -> None:
    root = ROOTS[source]
    sentence = refused(source, f'<?xml version="1.0" encoding="{encoding}"?><{root}></{root}>')
    assert "encoding" in sentence
    assert sentence.startswith("list.xml, line 1")


@every_format
def test_utf_16_is_read_as_well(source: str) -> None:
    whole = WHOLE[source].replace('encoding="UTF-8"', 'encoding="UTF-16"').replace('encoding="utf-8"', "")
    assert read(source, whole.encode("utf-16")) == read(source, WHOLE[source])


@every_format
def test_two_files_are_one_too_many(source: str) -> None:
    files = [list_file(WHOLE[source], "one.xml"), list_file(WHOLE[source], "two.xml")]
    with pytest.raises(ListFileError, match=r"two\.xml: this source is one file; give exactly one"):
        list(importers(source)[0].parse(files, Report()))


def test_memory_holds_one_record_whatever_the_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "many.xml"
    entry = f"<sdnEntry><uid>%d</uid><lastName>COMPANY</lastName><remarks>{'x' * 5_000}</remarks></sdnEntry>\n"
    with path.open("w") as file:
        file.write("<sdnList>")
        file.writelines(entry % number for number in range(2_000))
        file.write("</sdnList>")
    with path.open("rb") as stream:
        tracemalloc.start()
        try:
            count = sum(1 for _ in importers("ofac_sdn_xml")[0].parse([ListFile("many.xml", stream)], Report()))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert count == 2_000
    assert peak < 3_000_000, "the file has 10 MB"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?><sdnList>", "the classic XML of OFAC"),
        ("<?xml version='1.0'?><sdnList>".encode("utf-16"), "the classic XML of OFAC"),
        (b"<?xml version='1.0'?><!-- made by hand --><x:export xmlns:x='y'>", "the consolidated financial sanctions"),
        (b"<somethingElse/>", ""),
        (b"", ""),
        (b"plain words", ""),
    ],
)
def test_a_file_is_told_by_its_first_bytes(head: bytes, words: str) -> None:
    assert seems(head).startswith(words)
    assert bool(seems(head)) == bool(words)
