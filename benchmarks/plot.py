"""A plot of throughput against size, as SVG: a line over a logarithmic axis needs no library."""

from __future__ import annotations

import math
from collections.abc import Mapping

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 60, 50


def draw(seconds: Mapping[str, float]) -> str:
    """The plot.

    Args:
        seconds: for sizes in bytes the time that one cleaning took.
    """
    points = sorted((int(size), int(size) / 1e6 / taken) for size, taken in seconds.items())
    top = 5 * math.ceil(max(speed for _, speed in points) / 5)
    low, high = math.log10(points[0][0]), math.log10(points[-1][0])

    def x(size: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * (math.log10(size) - low) / max(high - low, 1)

    def y(speed: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 20) * speed / top

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for speed in range(0, top + 1, max(1, top // 5)):
        parts.append(f'<path d="M{LEFT} {y(speed):.1f}H{WIDTH - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(speed) + 4:.1f}" text-anchor="end">{speed}</text>')
    for size, _ in points:
        label = f"{size / 1e6:g} MB" if size >= 1e5 else f"{size / 1e3:.0f} KB"
        parts.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    line = "L".join(f"{x(size):.1f} {y(speed):.1f}" for size, speed in points)
    parts.append(f'<path d="M{line}" fill="none" stroke="#1565c0" stroke-width="2"/>')
    parts += [f'<circle cx="{x(size):.1f}" cy="{y(speed):.1f}" r="3" fill="#1565c0"/>' for size, speed in points]
    parts.append(f'<text x="{LEFT}" y="14">MB/s, whole cleaning of one document, by its size</text>')
    return "\n".join([*parts, "</svg>", ""])
