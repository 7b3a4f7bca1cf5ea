"""The command line: declarations only; what they do is elsewhere, imported when it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import UserError

app = typer.Typer(
    name="drillmate",
    help="The interview partner that lives where people already talk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
bank = typer.Typer(help="The question bank.", no_args_is_help=True)
app.add_typer(bank, name="bank")
board = typer.Typer(help="The leaderboards' totals.", no_args_is_help=True)
app.add_typer(board, name="board")
critic = typer.Typer(help="The critics.", no_args_is_help=True)
app.add_typer(critic, name="critic")

DatabaseUrl = Annotated[
    str, typer.Option("--database", help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
]
Folder = Annotated[Path | None, typer.Option("--bank", help="A folder of questions")]


@app.command()
def console(
    database: DatabaseUrl = "",
    script: Annotated[
        Path | None, typer.Option(help="Replay this transcript, one line an entry")
    ] = None,
    clock: Annotated[str, typer.Option(help="Start at this time, as 2026-03-27T17:00Z")] = "",
    media: Annotated[Path | None, typer.Option(help="Write pictures and files here")] = None,
) -> None:
    """Open the terminal chat; with a script, or a pipe on stdin, replay a transcript."""
    from bot.programs import terminal

    raise typer.Exit(terminal.run(database, script=script, clock=clock, media=media))


@app.command()
def run(
    database: DatabaseUrl = "",
    role: Annotated[
        str, typer.Option(help="all, or on PostgreSQL one of gateway, sender, worker")
    ] = "",
) -> None:
    """Serve every platform that has a token; with none, open the terminal chat."""
    from bot.programs import serving

    raise typer.Exit(serving.run(database, role))


@app.command()
def migrate(database: DatabaseUrl = "") -> None:
    """Bring the database to this version's schema."""
    from bot.programs import upkeep

    upkeep.migrate(database)


@app.command()
def doctor(database: DatabaseUrl = "") -> None:
    """Say what is set up, what is not, and why."""
    from bot.programs import upkeep

    raise typer.Exit(upkeep.doctor(database))


@app.command()
def health() -> None:
    """Say whether the running program is alive; exit status 1 if it is not."""
    from bot.programs import health as vital

    vital.health()


@app.command()
def grade(
    seed: Annotated[str, typer.Option(help="Number in the roadmap's list, as 2.1.1")] = "",
    slug: Annotated[str, typer.Option(help="Name of the question, as list-vs-tuple")] = "",
    batch: Annotated[
        Path | None,
        typer.Option(help='JSON lines of {"id", "seed" or "slug", "answer"}; - reads stdin'),
    ] = None,
    folder: Folder = None,
) -> None:
    """Grade the answer on stdin, or a file of answers, with the offline critic."""
    from bot.programs import grading

    raise typer.Exit(grading.run(seed=seed, slug=slug, batch=batch, folder=folder))


@bank.command()
def check(
    folder: Folder = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object")] = False,
) -> None:
    """Validate every question; print counts by section and what is thin."""
    from bot.programs import bankcheck

    raise typer.Exit(bankcheck.run(folder, as_json=json))


@board.command("check")
def check_board(database: DatabaseUrl = "") -> None:
    """Compare the boards' totals with the answers they sum up."""
    from bot.programs import upkeep

    raise typer.Exit(upkeep.boards(database, rebuild=False))


@board.command()
def rebuild(database: DatabaseUrl = "") -> None:
    """Make the boards' totals anew from the answers."""
    from bot.programs import upkeep

    raise typer.Exit(upkeep.boards(database, rebuild=True))


@critic.command("try")
def try_rubric(
    question: Annotated[str, typer.Argument(help="A slug, a number, or a file of a new question")],
    folder: Folder = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object an answer")] = False,
) -> None:
    """Grade answers from stdin (--- ends each), and say why each point was found or not."""
    from bot.programs import trying

    raise typer.Exit(trying.run(question, folder=folder, as_lines=json))


@critic.command()
def calibrate(
    answers: Annotated[
        Path, typer.Argument(help='JSON lines of {"question": slug, "answer", "score": 0 to 100}')
    ],
    out: Annotated[Path, typer.Option(help="Write the curve here")] = Path("calibration.json"),
    folder: Folder = None,
) -> None:
    """Fit the language model's scores to people's, with answers that people have graded."""
    from bot.programs import trying

    raise typer.Exit(trying.calibrate(answers, out, folder))


def main() -> None:
    """Run the program; what a person can mend is told in a sentence, with exit status 1."""
    from bot.bank.fault import BankFaults

    try:
        app()
    except UserError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n" if error.hint else f"{error.message}\n")
        sys.exit(1)
    except BankFaults as error:
        sys.stderr.write(f"{error}\n{len(error.faults)} faults in the question bank.\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
