"""Where it stands what came of sending a document: beside it, `<document>.sent.jsonl`."""

from q2c.store.tree import Tree

ENDING = ".sent.jsonl"
FOLDERS = ("quotes", "contracts", "orders", "invoices", "receipts", "statements")


def sent_path(path: str) -> str:
    """Name the file of what came of a document, whose path is given without an ending."""
    return f"{path}{ENDING}"


def sent_documents(tree: Tree) -> list[str]:
    """Name every document that was sent or tried to be, by its path without an ending."""
    names = (name for folder in FOLDERS for name in tree.walk(folder))
    return [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]
