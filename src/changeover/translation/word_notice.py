"""The notice in a Word document: a paragraph at its end, and a property of the document.

The property stands among the custom ones (ECMA-376, part 1, 15.2.12.2), where programs that file
documents look for such things.
"""

from typing import Any

from lxml import etree

from changeover.translation.word import W, WordPackage
from changeover.translation.word_language import Marking, mark_paragraph, mark_run

PROPERTY = "MachineTranslation"
_PART = "docProps/custom.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "_rels/.rels"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The format of every custom property, as the standard names it."""
_FIRST_ID = 2


def with_notice(package: WordPackage, notice: str, marking: Marking) -> bytes:
    """The document with the notice; the package's paragraphs must have been written."""
    body = package.body
    paragraph = _paragraph(notice, marking)
    last = body.find(f"{{{W}}}sectPr")
    if last is None:
        body.append(paragraph)
    else:
        last.addprevious(paragraph)
    return package.saved(_property(package, notice))


def _paragraph(notice: str, marking: Marking) -> Any:
    paragraph = etree.Element(f"{{{W}}}p", nsmap={"w": W})
    run = etree.SubElement(paragraph, f"{{{W}}}r")
    properties = etree.SubElement(run, f"{{{W}}}rPr")
    etree.SubElement(properties, f"{{{W}}}i")
    etree.SubElement(run, f"{{{W}}}t").text = notice
    mark_run(run, marking)
    mark_paragraph(paragraph, marking)
    return paragraph


def _property(package: WordPackage, notice: str) -> dict[str, bytes]:
    there = package.part(_PART)
    if there is None:
        root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _VALUES})
    else:
        root = etree.fromstring(there, etree.XMLParser(resolve_entities=False, no_network=True))
    for old in root.findall(f"{{{_CUSTOM}}}property[@name='{PROPERTY}']"):
        root.remove(old)
    used = [int(one.get("pid", "0")) for one in root]
    told = etree.SubElement(root, f"{{{_CUSTOM}}}property")
    told.set("fmtid", _FORMAT)
    told.set("pid", str(max(used, default=_FIRST_ID - 1) + 1))
    told.set("name", PROPERTY)
    etree.SubElement(told, f"{{{_VALUES}}}lpwstr").text = notice
    parts = {_PART: _written(root)}
    if there is None:
        parts |= _announced(package)
    return parts


def _announced(package: WordPackage) -> dict[str, bytes]:
    """The package's lists, with the new part in them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    types = etree.fromstring(package.part(_TYPES), parser)
    override = etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override")
    override.set("PartName", f"/{_PART}")
    override.set("ContentType", _TYPE)
    relations = etree.fromstring(package.part(_RELATIONS), parser)
    names = {one.get("Id") for one in relations}
    number = next(n for n in range(1, len(names) + 2) if f"rId{n}" not in names)
    relation = etree.SubElement(relations, f"{{{_RELATIONSHIPS}}}Relationship")
    relation.set("Id", f"rId{number}")
    relation.set("Type", _KIND)
    relation.set("Target", _PART)
    return {_TYPES: _written(types), _RELATIONS: _written(relations)}


def _written(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
