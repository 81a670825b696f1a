"""A finished sheet as a page for a browser: no script, nothing fetched, every text escaped."""

from q2c.documents.look import Look
from q2c.documents.sheet import Sheet
from q2c.resources import resource


def page_of(sheet: Sheet, look: Look) -> bytes:
    """Write the head, tables and words of a sheet as one HTML file."""
    from jinja2 import Environment, StrictUndefined

    text = resource("templates", "pages", "sheet.html").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    tables = [table for table in (sheet.table, *sheet.blocks) if table]
    accent = look.theme.accent
    page = environment.from_string(text).render(sheet=sheet, tables=tables, accent=accent)
    return page.encode()
