"""Files that somebody takes from a folder: copies, mails and envelopes for an access point."""

from collections.abc import Iterator
from pathlib import Path

from q2c.commands.call import call, recorded
from q2c.commands.desk import save
from q2c.commands.sending.posting import Result
from q2c.commands.sending.recording import Recorder
from q2c.commands.sending.ways import Errand
from q2c.core.sending import safe_name


def delivered(
    errand: Errand, folder: Path, recorder: Recorder, letter: bytes = b"", message_id: str = ""
) -> Result:
    """Write the files of a document where they are taken from, and record it.

    Each is written under a passing name and renamed, so that nobody takes half of one.
    """
    contents = dict(_contents(errand, letter))
    place = ", ".join(_shown(folder / name) for name in contents)
    recorder.before(errand, message_id)
    for name, data in contents.items():
        save(folder / name, data)
    recorder.after(errand, "sent", message_id, place=place)
    return Result(errand=errand, kind="sent", place=place)


def _shown(path: Path) -> str:
    """Name a file as seen from the workspace, where it is in it."""
    whole, root = path.resolve(), call().root.resolve()
    return str(whole.relative_to(root) if whole.is_relative_to(root) else path)


def _contents(errand: Errand, letter: bytes) -> Iterator[tuple[str, bytes]]:
    """Name what is written, and give its bytes."""
    parcel = errand.parcel
    first = next(iter(parcel.files)).rpartition(".")[0]
    match errand.channel:
        case "outbox":
            from q2c.exchange.outbox import enveloped

            yield safe_name(f"{first}.xml"), enveloped(parcel.files[parcel.xml], recorded())
        case "eml":
            yield safe_name(f"{first}.eml"), letter
        case _:
            for name, data in parcel.files.items():
                yield f"{parcel.customer.id}/{name}", data
