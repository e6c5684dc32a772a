"""`ial cost`: what resources cost, how each amount came about, what a change adds, and the prices themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.options import AsOf, Config, Json, Program
from runners.cli.terminal import Terminal, fault
from runners.exit_codes import ExitCode

if TYPE_CHECKING:
    from pricing.estimate import Estimate
    from runners.gate.estimating import Assumptions

group = typer.Typer(
    help="Price any resources, explain and compare, refresh the price book.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

UsageFile = Annotated[Path | None, typer.Option("--usage", help="YAML or JSON file that declares usage.")]
EnvironmentName = Annotated[
    str | None, typer.Option("--environment", help="Take usage and region of policies/environments/NAME.yaml.")
]
RegionChoice = Annotated[str | None, typer.Option("--region", help="AWS region whose prices are used; us-east-1.")]
ResourceFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="List of {type, name, properties}, preview JSON, or state export.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="cost")


@group.command()
def estimate(
    file: ResourceFile,
    usage: UsageFile = None,
    environment: EnvironmentName = None,
    region: RegionChoice = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Price the resources of a file for one month."""
    from preview.report.estimate_view import show_estimate
    from pricing.report import estimate_document
    from runners.gate.estimating import price_file

    terminal = Terminal(json)
    assumed = _assumptions(usage, environment, region, as_of)
    priced, notes = price_file(file, assumed)
    document = estimate_document(priced, environment=assumed.environment)
    if json:
        terminal.document(document)
    else:
        show_estimate(document, terminal.console)
    _finish(priced, notes, terminal)


@group.command()
def explain(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="What to explain, unless --stack is given.")
    ] = None,
    stack: Annotated[str | None, typer.Option("--stack", "-s", help="Explain this stack of the program.")] = None,
    program: Program = None,
    config: Config = None,
    usage: UsageFile = None,
    environment: EnvironmentName = None,
    region: RegionChoice = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show the arithmetic and source of each line."""
    from preview.report.estimate_view import explain as show
    from pricing.report import estimate_document
    from runners.errors import InputError
    from runners.gate.estimating import price_file

    if (file is None) == (stack is None):
        msg = "ial cost explain: name either FILE or --stack, and not both"
        raise InputError(msg)
    terminal = Terminal(json)
    if file is not None:
        assumed = _assumptions(usage, environment, region, as_of)
        priced, notes = price_file(file, assumed)
        name = assumed.environment
    elif usage is not None or region is not None or environment is not None:
        msg = "--usage, --region and --environment explain a FILE; a stack's are in its environment file"
        raise InputError(msg)
    else:
        priced, notes, name = _stack_estimate(str(stack), program, config, as_of), (), stack
    document = estimate_document(priced, environment=name)
    if json:
        terminal.document(document)
    else:
        show(document, terminal.console)
    _finish(priced, notes, terminal)


def _stack_estimate(stack: str, program: Path | None, config: list[str] | None, as_of: str | None) -> Estimate:
    from runners.gate.judging import Order, price_stack

    return price_stack(Order.of(stack, program=program, config=config, as_of=as_of))


@group.command()
def diff(
    base: Annotated[Path, typer.Argument(help="Report or file of resources before the change.")],
    head: Annotated[Path, typer.Argument(help="Report or file of resources after the change.")],
    usage: UsageFile = None,
    environment: EnvironmentName = None,
    region: RegionChoice = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show what a change adds to the month."""
    from preview.report.delta_view import show_delta
    from pricing.delta_report import delta_document
    from runners.gate.comparing import compare_files

    document = delta_document(compare_files(base, head, _assumptions(usage, environment, region, as_of)))
    terminal = Terminal(json)
    if json:
        terminal.document(document)
    else:
        show_delta(document, terminal.console)


@group.command("usage")
def usage_of(
    type_token: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="Type token; all types without it.")
    ] = None,
    json: Json = False,
) -> None:
    """List the usage keys of a resource type."""
    from runners.cli.views.usage_view import show_type, show_types
    from runners.gate.usage_keys import usage_document

    found = usage_document(type_token)
    terminal = Terminal(json)
    if json:
        terminal.document(found.document())
    elif type_token is None:
        show_types(found.types, terminal)
    else:
        show_type(found.types[0], terminal)


@group.command("refresh-prices")
def refresh_prices(
    region: Annotated[
        str, typer.Option("--region", help="Region to compare, or to add if the book lacks it.")
    ] = "us-east-1",
    offers: Annotated[
        Path | None, typer.Option("--offers", metavar="DIR", help="Read AWS's price list files in this folder instead.")
    ] = None,
    only: Annotated[str, typer.Option("--only", metavar="PREFIX", help="Only prices whose key starts like this.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Write what was found into the price book.")] = False,
    catalog: Annotated[
        Path | None, typer.Option("--catalog", help="Folder of price files; default: ial's own.")
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Compare the price book with AWS's list.

    Needs credentials that allow pricing:GetProducts, or with --offers the files that AWS publishes, CSV or JSON. Exit
    code 0 also when prices differ; nothing is written without --write.
    """
    from runners.cli.views.refresh_view import refresh_document, show_refresh
    from runners.prices.price_files import PriceFiles
    from runners.prices.price_refresh import PriceList, refresh, selections
    from runners.stack.locations import judged_on

    terminal = Terminal(json)
    book = PriceFiles.load(catalog, only)
    today = judged_on(as_of)
    prices: PriceList
    if offers is None:
        from runners.aws.price_list import AwsPriceList

        prices = AwsPriceList.connect()
    else:
        from runners.prices.offer_files import OfferFiles

        prices = OfferFiles.read(offers, selections(book.prices, region), today, terminal.say)
    found = refresh(book.prices, prices, region, today, terminal.say)
    if json:
        terminal.document(refresh_document(found))
    else:
        show_refresh(found, terminal)
    if write:
        for path in book.write(found):
            terminal.say(f"wrote {path}")


@group.command("missing-prices")
def missing_prices(
    region: Annotated[str, typer.Option("--region", help="Region to look at.")],
    stack: Annotated[
        str | None, typer.Option("--stack", "-s", help="Only what this stack of the program needs.")
    ] = None,
    program: Program = None,
    config: Config = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """List all prices that a region lacks.

    Without --stack, all that the price book has for us-east-1 and not there. Exit code 0 also when prices are missing.
    """
    from pricing.price_book import PriceBook
    from runners.cli.views.missing_view import show_missing
    from runners.gate.judging import Order
    from runners.gate.missing_prices import (
        check_region,
        missing_document,
        missing_for_stack,
        missing_in_book,
    )

    terminal = Terminal(json)
    check_region(region)
    if stack is None:
        missing = missing_in_book(PriceBook.load(), region)
    else:
        missing = missing_for_stack(Order.of(stack, program=program, config=config, as_of=as_of), region)
    found = missing_document(missing, region, stack)
    if json:
        terminal.document(found.document())
    else:
        show_missing(found, terminal)


def _assumptions(usage: Path | None, environment: str | None, region: str | None, as_of: str | None) -> Assumptions:
    from pricing.usage import Usage
    from runners.errors import InputError
    from runners.gate.estimating import DEFAULT_REGION, Assumptions, read_usage
    from runners.stack.locations import judged_on

    if usage is not None and environment is not None:
        msg = "--usage and --environment both declare usage; give one of them"
        raise InputError(msg)
    if environment is not None:
        from runners.gate.judging import environment_named

        terms = environment_named(environment).terms({})
        return Assumptions(
            usage=terms.usage,
            region=region or terms.region,
            as_of=judged_on(as_of),
            environment=environment,
            declarations=terms.declarations,
        )
    declared = Usage() if usage is None else read_usage(usage)
    return Assumptions(usage=declared, region=region or DEFAULT_REGION, as_of=judged_on(as_of))


def _finish(priced: Estimate, notes: tuple[str, ...], terminal: Terminal) -> None:
    from runners.gate.estimating import LOWER_BOUND, faults

    for note in notes:
        terminal.say(f"note: {note}")
    wrong = faults(priced)
    for problem in wrong:
        fault(problem.message)
    if len(wrong) < len(priced.problems) and not terminal.as_json:
        terminal.say(f"note: the total is a lower bound, because of {LOWER_BOUND} above")
    if wrong:
        raise typer.Exit(ExitCode.COULD_NOT_JUDGE)
