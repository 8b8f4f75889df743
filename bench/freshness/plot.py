"""The plot: reads, hit ratio and stale reads over time, with the faults shaded, as one SVG file."""

from html import escape

WIDTH, LEFT, RIGHT = 1000, 70, 20
PANEL, GAP, TOP = 150, 45, 90
INK, QUIET, SHADE = "#2b2622", "#8a8178", "#f0e3d2"
FONT = 'font-family="system-ui, sans-serif"'


def draw(report, path, title):
    """Write the plot of a Report to a path."""
    seconds = report.by_second()
    # The first and the last second are not whole.
    times = list(seconds)[1:-1]
    panels = [
        ("checked reads a second", "#3c6e71", [seconds[t]["reads"] for t in times]),
        ("hit ratio, %", "#7a5c99", [percentage(seconds[t]) for t in times]),
        ("stale reads a second", "#b3261e", [seconds[t]["stale"] for t in times]),
        ("failed reads a second", "#a56a00", [seconds[t]["failures"] for t in times]),
    ]
    plot = Plot(times, report.faults)
    height = TOP + len(panels) * (PANEL + GAP) + 20 + 18 * len(report.faults)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fdfbf7"/>',
        text(LEFT, 34, title, size=20),
        text(LEFT, 58, summary(report), colour=QUIET),
        *(plot.panel(number, *panel) for number, panel in enumerate(panels)),
        *plot.legend(TOP + len(panels) * (PANEL + GAP) + 20),
        "</svg>",
    ]
    path.write_text("\n".join(parts) + "\n")


def summary(report):
    reads, hits, writes = (
        report.total("reads").total(),
        report.total("hits").total(),
        report.total_writes("answered").total(),
    )
    ratio = f"{100 * hits / max(reads, 1):.1f} % hits"
    return f"{reads:,} checked reads, {ratio}, {writes:,} writes, {report.stale:,} stale reads"


def percentage(counts):
    return 100 * counts["hits"] / counts["reads"] if counts["reads"] else 0


class Plot:
    """Panels below each other that share their axis of time."""

    def __init__(self, times, faults):
        self.times = times
        self.faults = faults
        self.end = max(times, default=1) + 1

    def x(self, time):
        return LEFT + (WIDTH - LEFT - RIGHT) * time / self.end

    def panel(self, number, label, colour, values):
        bottom = TOP + number * (PANEL + GAP) + PANEL
        top_value = nice(max(values, default=0))
        points = " ".join(
            f"{self.x(time + 0.5):.1f},{bottom - PANEL * value / top_value:.1f}"
            for time, value in zip(self.times, values, strict=True)
        )
        return "\n".join(
            [
                text(LEFT, bottom - PANEL - 8, label, colour=colour),
                *self.shades(bottom),
                *self.axes(bottom, top_value),
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
            ]
        )

    def shades(self, bottom):
        for number, fault in enumerate(self.faults, start=1):
            left, right = self.x(fault.begun), self.x(fault.ended)
            yield (
                f'<rect x="{left:.1f}" y="{bottom - PANEL}" width="{right - left:.1f}" height="{PANEL}" '
                f'fill="{SHADE}"/>'
            )
            yield text((left + right) / 2, bottom - PANEL + 13, number, 11, QUIET, "middle")

    def axes(self, bottom, top_value):
        for share in (0, 0.5, 1):
            y = bottom - PANEL * share
            yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{QUIET}" stroke-width="0.5"/>'
            yield text(LEFT - 8, y + 4, f"{top_value * share:,.6g}", 12, INK, "end")
        step = nice(self.end / 8)
        for mark in range(0, self.end + 1, max(1, int(step))):
            yield text(self.x(mark), bottom + 17, f"{mark} s", 12, INK, "middle")

    def legend(self, y):
        for number, fault in enumerate(self.faults, start=1):
            yield text(LEFT, y + 18 * number - 8, f"{number}  {fault.name}", 13)


def text(x, y, words, size=14, colour=INK, anchor="start"):
    attributes = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" {FONT}'
    return f"<text {attributes}>{escape(str(words))}</text>"


def nice(value):
    """Return the next larger of 1, 2, 5, 10, 20, 50 …"""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if value <= factor * size:
                return factor * size
        size *= 10
