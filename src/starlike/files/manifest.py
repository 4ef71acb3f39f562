"""The manifest of collected images: one row a URL, written by `collect`, read by `prepare`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlike.errors import CollectError, SampleError
from starlike.files import storage

if TYPE_CHECKING:
    import pyarrow as pa

FILE_NAME = "manifest.parquet"
FORMAT_VERSION = 1
KEPT = "kept"
"""The status of a row whose image is in its class folder."""

_VERSION_KEY = b"starlike_manifest_version"


def schema() -> pa.Schema:
    """Columns of `manifest.parquet`.

    `image` is the path below the folder, with forward slashes, of a kept image, else null; `rank`
    is the order in which a class's images were found; `licence` a code such as `cc-by-sa`,
    `licence_label` as people read it; `portrait` is true where the person's own entry shows the
    image; `width` and `height` are pixels of the image as it came; `fetched_at` is in UTC.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy

    texts = ["class", "image", "source", "image_url", "page_url", "title", "author", "licence"]
    texts += ["licence_label", "licence_url", "attribution", "sha256", "status", "reason"]
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            ("portrait", pa.bool_()),
            *((name, pa.int32()) for name in ("rank", "width", "height")),
            ("bytes", pa.int64()),
            ("fetched_at", pa.timestamp("ms", tz="UTC")),
        ]
    )


def write(folder: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write rows as `manifest.parquet`.

    Raises:
        CollectError: it cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.Table.from_pylist(list(rows), schema=schema())
    table = table.replace_schema_metadata({_VERSION_KEY: str(FORMAT_VERSION).encode()})
    file = folder / FILE_NAME
    with storage.telling(CollectError, file), storage.writing(file) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    return file


def read(folder: Path) -> list[dict[str, Any]]:
    """The rows of a folder's manifest; none where there is no manifest.

    Raises:
        SampleError: it is damaged or of another format version.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = folder / FILE_NAME
    if not file.is_file():
        return []
    try:
        table = pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise SampleError(f"{file}: the manifest is damaged; collect again to write it") from error
    version = (table.schema.metadata or {}).get(_VERSION_KEY, b"?").decode(errors="replace")
    if version != str(FORMAT_VERSION) or not table.schema.equals(schema()):
        raise SampleError(
            f"{file}: a manifest of format {version}, but {FORMAT_VERSION} is read here; "
            "collect again with this version of starlike"
        )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
