"""What `dagc parity` says."""

from __future__ import annotations

from typing import Any

from dag.diagnostics.wording import counted
from dagc.parity.libm import LibmFinding
from dagc.parity.removal import Removal
from dagc.parity.run import Difference, Parity, RowsCompared
from dagc.parity.why import Explanation

#: Removals that are shown, the best first.
SHOWN = 3


def as_text(found: Parity) -> str:
    """The findings for a terminal."""
    verdict = "DIFFERS" if found.differs else "MATCH: bit-identical on every compared row"
    if found.hollow and not found.differs:
        verdict = f"nothing was compared: {', '.join(found.hollow)}"
    lines = [f"{found.lane} against {found.oracle}: {verdict}"]
    lines.append(f"  lane      {found.backend}; compared {', '.join(found.compared)}; oracle used as a {found.form}")
    if found.unanswered:
        lines.append(f"  not compared, since the oracle does not answer them: {', '.join(found.unanswered)}")
    if found.unread:
        lines.append(f"  the oracle does not take: {', '.join(found.unread)}")
    for part in found.parts:
        seed = f", seed {found.seed}" if part.source.startswith("sampled") else ""
        lines += ["", f"{part.source}{seed}" + ("" if part.against == "oracle" else f": {part.against}")]
        lines += _part(part)
    return "\n".join(lines)


def _part(part: RowsCompared) -> list[str]:
    tally = part.tally
    share = 100.0 * tally.matched / tally.rows if tally.rows else 0.0
    lines = [
        f"  match     {tally.matched:,} of {counted(tally.rows, 'row')}, {share:.4f} %; {tally.rejected:,} more {'is' if tally.rejected == 1 else 'are'} outside the domains"
    ]
    for name, count in tally.differ.items():
        if not count:
            continue
        far = tally.furthest.get(name, 0)
        distance = "" if not far else f", by {far:,} ulp at most" if far < 1 << 40 else ", by more than rounding"
        lines.append(f"  {name:<9} differs in {counted(count, 'row')}{distance}")
        quantiles = tally.ratio_quantiles(name)
        if quantiles:
            shown = "  ".join(f"{100.0 * q:g} % {value!r}" for q, value in quantiles.items())
            lines.append(f"  ratio     lane / oracle of {name}: {shown}")
    if tally.odd:
        lines.append(f"  oracle    has no value in {counted(tally.odd, 'row')}; the first: {tally.first_odd}")
    if part.first is not None:
        lines += _first(part.first)
    if part.why is not None:
        lines += _libm(part.why.libm) + _removed(part.why)
    return lines


def _first(first: Difference) -> list[str]:
    lines = [f"  first     bar {first.bar} of instance {first.instance}"]
    width = max(len(name) for name in (*first.ports, *first.outputs, "oracle"))
    lines += [f"    {name:<{width}}  0x{word:016x}  {shown}" for name, (word, shown) in first.ports.items()]
    for name, (ours, our_text, theirs, their_text) in first.outputs.items():
        mark = "" if ours == theirs else "  <- differs"
        lines.append(f"    {name:<{width}}  0x{ours:016x}  {our_text}  lane{mark}")
        word = " " * 18 if theirs is None else f"0x{theirs:016x}"
        lines.append(f"    {'':<{width}}  {word}  {their_text}  oracle")
    if first.odd:
        lines.append(f"    the oracle {first.odd}")
    return lines


def _libm(found: LibmFinding | None) -> list[str]:
    if found is None or not found.explained:
        return []
    whole = found.explained == found.examined
    share = f"all {found.examined:,}" if whole else f"{found.explained:,} of the {found.examined:,}"
    lines = [
        "  cause     libm, which is not the same to the last bit on every machine" if whole else "  libm is part of it",
        f"            {share} examined rows agree with dagc's own functions instead: {found.family}",
    ]
    for blamed in found.sites:
        if blamed.alone:
            lines.append(
                f"            {blamed.site.at}: `{blamed.site.text}` is libm's {blamed.site.called}; "
                f"alone it explains {blamed.alone:,}"
            )
    if whole:
        lines.append("  fix       keep dagc's definition and this difference, or write the same product in both places")
    return lines


def _removed(why: Explanation) -> list[str]:
    if why.libm is not None and why.libm.explained == why.examined:
        return []
    if not why.removed:
        return ["  removal   no single lane, taken out, explains the rows that differ"]
    lines = [f"  removal   {_removal(each, why.examined)}" for each in why.removed[:SHOWN]]
    if why.together > why.removed[0].explained:
        share = "all" if why.together == why.examined else f"{why.together:,} of the"
        lines.append(f"  together  the first of these and libm explain {share} {why.examined:,} rows, to the bit")
    return lines


def _removal(each: Removal, examined: int) -> str:
    place = f"{each.instead} instead of `{each.name}`" + (f" ({each.at})" if each.at else "")
    if each.explained == examined:
        return f"{place} explains all {examined:,} examined rows, to the bit"
    return f"{place} explains {each.explained:,} of {examined:,} rows to the bit, {each.close:,} but for rounding"


def as_json(found: Parity) -> dict[str, Any]:
    """The findings as JSON values."""
    return {
        "lane": found.lane,
        "oracle": found.oracle,
        "form": found.form,
        "backend": found.backend,
        "seed": found.seed,
        "compared": list(found.compared),
        "not_compared": list(found.unanswered),
        "not_taken": list(found.unread),
        "differs": found.differs,
        "nothing_compared": found.hollow,
        "parts": [_part_json(part) for part in found.parts],
    }


def _part_json(part: RowsCompared) -> dict[str, Any]:
    tally, first = part.tally, part.first
    why = part.why or Explanation(0)
    libm = why.libm
    return {
        "source": part.source,
        "against": part.against,
        "rows": tally.rows,
        "matched": tally.matched,
        "rejected": tally.rejected,
        "without_an_answer": tally.odd,
        "differ": dict(tally.differ),
        "furthest_ulp": dict(tally.furthest),
        "ratio": {name: {str(q): v for q, v in tally.ratio_quantiles(name).items()} for name in tally.differ},
        "first": None
        if first is None
        else {
            "bar": first.bar,
            "instance": first.instance,
            "ports": {name: {"word": f"0x{word:016x}", "value": text} for name, (word, text) in first.ports.items()},
            "outputs": {
                name: {
                    "lane": f"0x{ours:016x}",
                    "oracle": None if theirs is None else f"0x{theirs:016x}",
                    "lane_value": our_text,
                    "oracle_value": their_text,
                }
                for name, (ours, our_text, theirs, their_text) in first.outputs.items()
            },
            "odd": first.odd,
        },
        "libm": None
        if libm is None
        else {
            "instead": libm.family,
            "examined": libm.examined,
            "explained": libm.explained,
            "calls": [
                {"at": b.site.at, "text": b.site.text, "function": b.site.called, "alone": b.alone} for b in libm.sites
            ],
        },
        "examined": why.examined,
        "removals": [
            {"name": r.name, "at": r.at, "instead": r.instead, "explained": r.explained, "close": r.close}
            for r in why.removed
        ],
        "first_removal_and_libm": why.together,
    }
