"""`dagc cache`."""

from __future__ import annotations

import click

from dag.diagnostics.wording import counted


@click.command("cache")
@click.option(
    "--clear", "is_cleared", is_flag=True, help="Remove everything that is kept; the next build makes it again."
)
def command(is_cleared: bool) -> None:
    """Show what dagc keeps between runs: compiled kernels, simulations, XLA's executables and finished builds.

    Entries are found by content and are never out of date. The least recently used go when there are more than
    DAGC_CACHE_MIB mebibytes (default 2048; 0 keeps nothing). The folder is $XDG_CACHE_HOME/dagc, or ~/.cache/dagc.
    """
    from compile.cache import cache_folder, clear, entries, limit_bytes

    if is_cleared:
        click.echo(f"removed {counted(clear(), 'file')} from {cache_folder()}")
        return
    found = entries()
    total = sum(entry.size for entry in found)
    click.echo(f"{cache_folder()}: {counted(len(found), 'file')}, {_mib(total)} of {_mib(limit_bytes())}")
    for kind in sorted({entry.kind for entry in found}):
        sizes = [entry.size for entry in found if entry.kind == kind]
        click.echo(f"  {kind:<18} {len(sizes):>6,}  {_mib(sum(sizes)):>12}")


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"
