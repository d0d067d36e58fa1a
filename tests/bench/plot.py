"""The plot of the cost of a delivery against the members of the room, as an SVG without any library."""
import math
import re
import statistics

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 360, 70, 50
COLOURS = ["#888888", "#0b6e4f", "#3d9a6f", "#3d5a80", "#c44536", "#8d6a9f", "#b8860b"]
LABEL_HEIGHT = 14


def curves(results):
    """For each server: (members, CPU seconds per million deliveries), window 16."""
    found = {}
    for (name, what), by_kind in results.items():
        match = re.match(r"fanout, (\d+) members, 4 senders, window 16$", name)
        if match and what.startswith("CPU"):
            for kind, values in by_kind.items():
                found.setdefault(kind, []).append((int(match[1]), statistics.median(values)))
    return found


def scale(low, high, size):
    span = math.log10(high / low) or 1
    return lambda value: math.log10(max(value, low) / low) / span * size


def write_plot(path, results):
    found = curves(results)
    points = [point for curve in found.values() for point in curve]
    if not points:
        return
    xs = scale(min(x for x, _ in points), max(x for x, _ in points) * 1.01, WIDTH - LEFT - 120)
    ys = scale(max(min(y for _, y in points), 0.01), max(y for _, y in points) * 1.1, HEIGHT - BOTTOM - 30)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
             'font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             f'<text x="{LEFT}" y="18">CPU seconds of the server per million deliveries, against members '
             '(both logarithmic)</text>']
    for x in sorted({x for x, _ in points}):
        parts.append(f'<text x="{LEFT + xs(x):.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x}</text>')
    for power in range(-2, 3):
        for value in (10 ** power, 3 * 10 ** power):
            if min(y for _, y in points) <= value <= max(y for _, y in points) * 1.1:
                y = HEIGHT - BOTTOM - ys(value)
                parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 120}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
                parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{value:g}</text>')
    labels = []
    for (kind, curve), colour in zip(found.items(), COLOURS):
        places = [(LEFT + xs(x), HEIGHT - BOTTOM - ys(y)) for x, y in sorted(curve)]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        labels.append((*reversed(places[-1]), kind, colour))
    lowest = 0
    for y, x, kind, colour in sorted(labels):  # curves that end side by side are named one below the other
        lowest = max(y + 4, lowest + LABEL_HEIGHT)
        parts.append(f'<text x="{x + 8:.0f}" y="{lowest:.0f}" fill="{colour}">{kind}</text>')
    parts.append("</svg>\n")
    path.write_text("\n".join(parts))
