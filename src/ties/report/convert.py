"""One document to one HTML file and one PDF, by pandoc and typst.

Both programs come as Python packages, so neither LaTeX nor a browser is needed. Both are run
without the user's settings and without the machine's fonts, and neither is told the time: the same
document gives the same bytes.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from ties.report.errors import ReportError

# Pandoc's Markdown, less every way to write something that is not Markdown. Figures have
# their titles in them, so a picture gets no second one.
READER: Final = "markdown" + "".join(
    f"-{extension}"
    for extension in (
        "raw_html",
        "raw_tex",
        "raw_attribute",
        "markdown_in_html_blocks",
        "native_divs",
        "native_spans",
        "latex_macros",
        "yaml_metadata_block",
        "pandoc_title_block",
        "citations",
        "example_lists",
        "implicit_figures",
        "smart",
    )
)


def pandoc_path() -> Path:
    """The pandoc that came with the package, not one that the machine may have."""
    import pypandoc

    bundled = Path(pypandoc.__file__).parent / "files" / "pandoc"
    found = next((p for p in (bundled, bundled.with_suffix(".exe")) if p.exists()), None)
    return found or Path(pypandoc.get_pandoc_path())


def pandoc_version() -> str:
    """The version of pandoc."""
    first = _run([str(pandoc_path()), "--version"], "").splitlines()[0]
    return first.split()[-1]


def write_html(
    markdown: str, title: str, assets: Path, out: Path, bar: Mapping[str, str] | None = None
) -> None:
    """Write one self-contained HTML file.

    Parameters
    ----------
    markdown
        The document.
    title
        Its title, as plain text.
    assets
        Folder with the pictures that it names.
    out
        File to write.
    bar
        Links beside the contents, by what they say; addresses of ours.
    """
    links = [f"--variable=bar:<a href='{to}'>{said}</a>" for said, to in (bar or {}).items()]
    html = _pandoc(
        markdown,
        assets,
        "--to=html5",
        "--embed-resources",
        "--mathml",
        "--toc",
        "--toc-depth=1",
        "--template=report.html",
        "--css=report.css",
        f"--metadata=title:{title}",
        "--metadata=lang:en-GB",
        *links,
    )
    out.write_text(html, encoding="utf-8", newline="\n")


def write_pdf(markdown: str, title: str, assets: Path, out: Path) -> None:
    """Write the PDF: A4, page numbers, vector figures, no code.

    Parameters
    ----------
    markdown, title, assets, out
        As for `write_html`.
    """
    import typst

    source = _pandoc(
        markdown,
        assets,
        "--to=typst",
        # A broken line could put a mark that means nothing in a sentence at the start of one.
        "--wrap=none",
        "--template=report.typ",
        f"--metadata=title:{title}",
    )
    page = assets / "report.typ"
    page.write_text(source, encoding="utf-8", newline="\n")
    try:
        pdf = typst.compile(
            page, root=assets, font_paths=[_fonts()], ignore_system_fonts=True, format="pdf"
        )
    except typst.TypstError as error:
        raise ReportError(f"the PDF could not be set: {error}") from error
    out.write_bytes(pdf)


def _pandoc(markdown: str, assets: Path, *options: str) -> str:
    with as_file(files("ties.report") / "templates") as templates:
        command = [
            str(pandoc_path()),
            f"--from={READER}",
            "--standalone",
            # The user's own templates and filters stay out of it.
            f"--data-dir={assets}",
            f"--resource-path={assets}:{templates}",
            f"--lua-filter={templates / 'report.lua'}",
            *(_within(option, templates) for option in options),
        ]
        return _run(command, markdown)


def _within(option: str, templates: Path) -> str:
    """Point an option that names a file of ours to where it lies."""
    name, _, value = option.partition("=")
    return f"{name}={templates / value}" if name in ("--template", "--css") else option


def _run(command: list[str], text: str) -> str:
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise ReportError(f"pandoc failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def _fonts() -> Path:
    """The folder of the fonts that matplotlib brings, DejaVu among them."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
