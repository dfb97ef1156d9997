"""A report as HTML that prints on its own, with no script and nothing fetched."""

from collections.abc import Iterable, Sequence
from html import escape

from changeover.evidence.reports import Report

STYLE = (
    "body{font:11pt/1.4 sans-serif;margin:2em}table{border-collapse:collapse;width:100%;"
    "margin-bottom:1.5em}td,th{border:1px solid #555;padding:.3em .5em;text-align:left;"
    "vertical-align:top}.record{break-inside:avoid}.record th{width:35%;font-weight:normal}"
)


def html(report: Report) -> bytes:
    """The report as one page."""
    title, intro = escape(report.title), escape(report.intro)
    body = f"<p>{escape(report.nothing)}</p>"
    if report.rows:
        body = "".join(_record(report, row) for row in report.rows)
        body = body if report.records else _table(report)
    return (
        f'<!doctype html><html lang="{report.language}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f"<h1>{title}</h1><p>{intro}</p>{body}</body></html>"
    ).encode()


def _table(report: Report) -> str:
    heading = _cells(report.headings, "th", ' scope="col"')
    rows = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in report.rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def _record(report: Report, row: Sequence[str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(cell)}</td></tr>'
        for name, cell in zip(report.headings, row, strict=True)
    )
    return f'<table class="record"><tbody>{rows}</tbody></table>'


def _cells(cells: Iterable[str], tag: str, attributes: str = "") -> str:
    return "".join(f"<{tag}{attributes}>{escape(cell)}</{tag}>" for cell in cells)
