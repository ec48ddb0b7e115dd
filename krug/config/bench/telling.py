"""The figures as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from krug.config.bench.measuring import Figures

HEAD = "| Screen | Reader | p50, ms | p95, ms | Python, ms | Queries | KB | KB packed | Bare SQL p50, ms | Ratio |"


def as_markdown(figures: Sequence[Figures], *, parties: int, size: str, load: tuple[float, float]) -> str:
    """One line a screen and reader; above them the size, and how busy the machine was before and after."""
    many = f"{parties:,}".replace(",", " ")
    lines = [
        f"{many} parties; database of {size}; load of the machine {load[0]:.1f} before, {load[1]:.1f} after",
        "",
        HEAD,
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in figures:
        lines.append(
            f"| {one.name} | {one.reader} | {one.p50:.1f} | {one.p95:.1f} | {one.python:.1f} | {one.queries}"
            f" | {one.bytes / 1024:.0f}"
            f" | {one.packed / 1024:.1f} | {one.bare:.1f} | {one.ratio:.1f} |"
        )
    return "\n".join(lines)
