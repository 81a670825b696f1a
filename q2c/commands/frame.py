"""The frame of the command line: lazy nouns and verbs, and the options that all share."""

import os
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from q2c.commands.call import check_call, give

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EXAMPLE = "Example: "
ENDING = """
q2c --version tells the version.

Exit status:
    0  done
    1  failed: a disk, an editor, a claim, or q2c itself; differs (--exit-code)
    2  the words do not fit the command, or nobody can be asked here
    3  a file says what cannot be, or issued bytes differ
    4  a person has to supply or decide something first
    5  it was done already, the plan is old, or somebody else is at work
    6  there is nothing of that name
    7  a service outside failed
   10  something is due (invoice plan --exit-code, status --quiet)
  130  stopped
"""

# Name, flags, whether it takes a value, what it does.
SHARED: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("directory", ("-C",), "DIR", "Run as if started in DIR."),
    ("json", ("--json",), "", "One JSON document."),
    ("jsonl", ("--jsonl",), "", "One JSON value a line."),
    ("csv", ("--csv",), "", "Comma-separated values."),
    ("fields", ("--fields",), "A,B", "Only these fields, in this order."),
    ("color", ("--color",), "auto|always|never", "Whether to colour."),
    ("lang", ("--lang",), "en|sv|de|fr|fi|nb|da|es|nl|pl", "Name what is sold in this language."),
    ("no_input", ("--no-input",), "", "Never ask; fail instead."),
    ("yes", ("-y", "--yes"), "", "Answer every confirmation with yes."),
    ("quiet", ("-q", "--quiet"), "", "No hints, warnings or progress."),
    ("verbose", ("-v", "--verbose"), "", "Say more about what is done."),
    ("debug", ("--debug",), "", "Show the traceback of a fault in q2c."),
)


def _keep(_context: Any, option: Any, value: Any) -> None:  # noqa: ANN401 - Typer keeps the types private
    """Note a common option that was given, and go to the folder that -C names."""
    if value in (None, False):
        return
    choices = (option.metavar or "").split("|")
    if len(choices) > 1 and value not in choices:
        raise typer.BadParameter(f"'{value}' is none of {', '.join(choices)}.")
    if option.name == "directory":
        _go(value)
    give(option.name, value)


def _go(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise typer.BadParameter(f"'{folder}': {error.strerror}.") from None


def shared(*, hidden: bool) -> list[TyperOption]:
    """Make the options that every command takes, before the noun or behind the verb."""
    return [
        TyperOption(
            param_decls=[name, *flags],
            is_flag=not value,
            type=str if value else None,
            metavar=value or None,
            # The environment counts less than any flag, so only the first place reads it.
            envvar=None if hidden or name == "directory" else f"Q2C_{name.upper()}",
            show_envvar=False,
            help=explained,
            hidden=hidden,
            is_eager=name == "directory",  # a relative file name is then one from there
            expose_value=False,
            show_default=False,
            callback=_keep,
        )
        for name, flags, value, explained in SHARED
    ]


class Leaf(TyperCommand):
    """A command that does something."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - Typer keeps the type private
        """Give its own parameters, then the common ones, which its help passes over."""
        if not hasattr(self, "everything"):
            self.everything = [*self.params, *shared(hidden=True), *_help_option(self, ctx)]
        return self.everything

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        """Write the docstring: its examples as they stand, the rest wrapped."""
        prose, examples = split_help(self.help or "")
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in prose:
                formatter.write_text(paragraph)
                formatter.write_paragraph()
        for line in examples:
            formatter.write(f"  {EXAMPLE}{line}\n")

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        """Say where the common options are told."""
        formatter.write("\nCommon options such as --json, -C DIR, --yes: q2c --help\n")

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run the command, once the common options are known to go together."""
        check_call()
        return super().invoke(ctx)


def _help_option(command: TyperCommand, ctx: Any) -> list[Any]:  # noqa: ANN401 - as above
    option = command.get_help_option(ctx)
    return [option] if option else []


def split_help(docstring: str) -> tuple[list[str], list[str]]:
    """Part a docstring into its paragraphs and the commands of its example lines."""
    lines = docstring.splitlines()
    examples = [line.removeprefix(EXAMPLE) for line in lines if line.startswith(EXAMPLE)]
    prose = "\n".join(line for line in lines if not line.startswith(EXAMPLE))
    return [part for part in re.split(r"\n\s*\n", prose.strip()) if part], examples


class Verb(TyperCommand):
    """A command's name and help; its module is imported when it is used."""

    def __init__(self, name: str, target: str, told: str, *, hidden: bool = False) -> None:
        super().__init__(name, help=told, short_help=told, hidden=hidden)
        self.target = target

    def loaded(self) -> Any:  # noqa: ANN401 - Typer keeps the type private
        """Import the module and make the command of its function."""
        module, _, function = self.target.partition(":")
        app = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        act: Callable[..., None] = getattr(import_module(module), function)
        app.command(self.name, cls=Leaf, context_settings=dict(HELP))(act)
        return get_command(app)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - Typer keeps the type private
        **extra: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Let the real command read its words."""
        return self.loaded().make_context(info_name, args, parent=parent, **extra)


class Tree(TyperGroup):
    """A name with commands below it; by itself it shows them, or how to begin."""

    def __init__(
        self,
        name: str,
        told: str,
        commands: Mapping[str, Any],
        *,
        short: str = "",
        hidden: bool = False,
    ) -> None:
        super().__init__(
            name=name,
            help=told,
            short_help=told,
            commands=dict(commands),
            context_settings=dict(HELP),
            rich_markup_mode=None,
            hidden=hidden,
            subcommand_metavar="COMMAND ..." if short else "VERB ...",
            options_metavar="[OPTIONS]" if short else "",
        )
        self.short = short

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - Typer keeps the types private
        """Say below the whole list of commands what a script has to know."""
        if self.short:
            formatter.write(ENDING)

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - Typer keeps the type private
        """Give the common options, made for the few groups of the tree that a call names."""
        self.params = self.params or list(shared(hidden=not self.short))
        return super().get_params(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer keeps the type private
        """Help a person who named no command."""
        if not args and not ctx.resilient_parsing:
            typer.echo(self.short or ctx.get_help())
            raise typer.Exit
        return super().parse_args(ctx, args)
