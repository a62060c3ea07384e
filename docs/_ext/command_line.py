"""The reference of the command line, from the program itself."""

from __future__ import annotations

from typing import Any

import typer.main
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ties.cli import app as program


class CommandLine(SphinxDirective):
    """Every command with its help text, as the terminal shows it."""

    def run(self) -> list[nodes.Node]:
        """Give a section a command."""
        group = typer.main.get_command(program)
        context = group.context_class(group, info_name="ties")  # type: ignore[attr-defined]
        lines: list[str] = []
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            inner = command.context_class(command, info_name=f"ties {name}", parent=None)
            lines += [f"## ties {name}", "", "```text", *command.get_help(inner).splitlines()]
            lines += ["```", ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Any) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("command-line", CommandLine)
    return {"version": "1", "parallel_read_safe": True}
