"""Fill the page templates: every text is escaped, templates may import each other."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Page:
    """What the page template asks of a run, for a page that is not about one run."""

    kind: str
    title: str
    study: str
    warnings: tuple[str, ...]
    version: str
    regimes: tuple[()] = ()


def fill(template: str, *styles: str, **values: Any) -> str:
    """A filled template of this folder.

    Parameters
    ----------
    template : str
        Name of the file, as "page.html".
    *styles : str
        Style sheets that it gets, one after the other, as `css`.
    **values
        What the template names; a name it lacks is an error.

    Returns
    -------
    str
        A whole page, with every text escaped.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = Markup("".join(map(_file, styles)))
    return environment.get_template(template).render(css=css, svg=Markup, **values)


def _file(name: str) -> str:
    return resources.files("scslab.report").joinpath(name).read_text(encoding="utf-8")
