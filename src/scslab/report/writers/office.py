"""Make an Office file the same bytes every time: no clock, no name of a person or machine."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

AUTHOR = "scslab"
# An Office file must have a date; a fixed one tells nothing and keeps the bytes the same.
DATE = datetime.datetime(2000, 1, 1)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def without_clock(data: bytes) -> bytes:
    """The same .docx or .xlsx with fixed dates, inside and on its parts."""
    stamp = DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
            info = zipfile.ZipInfo(name, DATE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            after.writestr(info, part)
    return file.getvalue()
