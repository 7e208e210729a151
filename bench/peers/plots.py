"""A plot of each filesystem's ratios with their intervals, by gnuplot."""
import os
import subprocess

ROW = 22  # pixels
COLOURS = {"slower": "#2a6fa8", "faster": "#d05010", "even": "#888888"}

SCRIPT = """\
set terminal svg size 860,{height} font 'sans-serif,12' background '#ffffff'
set output '{output}'
set title 'Times as long as ream, on {filesystem} (95 % intervals)' noenhanced
set logscale x 2
set xrange [{low}:{high}]
set yrange [{bottom}:0]
set xtics scale 0.5 textcolor rgb '#000000'
set grid xtics lc rgb '#dddddd'
set border 1 lc rgb '#888888'
set tmargin 3
set lmargin 54
set ytics nomirror scale 0 textcolor rgb '#000000' ({labels})
set xlabel 'below 1: faster than ream; above 1: slower (logarithmic)'
set arrow from 1, graph 0 to 1, graph 1 nohead lc rgb '#000000' lw 1.5 back
unset key
{data}
plot {plots}
"""


def _colour(row):
    return "faster" if row.wins else "slower" if row.loses else "even"


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _lines(results):
    """From the top: a work's title, its programs, a gap. Pairs of a label and a row or None."""
    for result in results:
        yield "{/:Bold " + result.work.title + "}", None
        for row in result.rows[1:]:
            yield row.contestant.label.replace("`", ""), row
        yield "", None


def script(results, filesystem, output):
    """What gnuplot is told."""
    lines = list(_lines(results))[:-1]
    points = {name: [] for name in COLOURS}
    for place, (_, row) in enumerate(lines, start=1):
        if row:
            points[_colour(row)].append(f"{row.ratio} {place} {row.low} {row.high}")
    shown = {name: values for name, values in points.items() if values}
    data = "\n".join(f"${name} << EOD\n" + "\n".join(values) + "\nEOD"
                     for name, values in shown.items())
    style = "using 1:2:3:4 with xerrorbars pt 7 ps 0.8 lw 2"
    plots = ", ".join(f"${name} {style} lc rgb '{COLOURS[name]}'" for name in shown)
    rows = [row for _, row in lines if row]
    labels = ", ".join(f"{_quoted(text)} {place}" for place, (text, _) in enumerate(lines, start=1))
    return SCRIPT.format(
        height=ROW * (len(lines) + 1) + 100, output=output, filesystem=filesystem,
        low=min([0.5] + [row.low * 0.8 for row in rows]),
        high=max([4] + [row.high * 1.25 for row in rows]),
        bottom=len(lines) + 1, labels=labels, data=data, plots=plots)


def draw(results, filesystem, output):
    """Writes the SVG file `output`."""
    chosen = [result for result in results if result.filesystem == filesystem]
    text = script(chosen, filesystem, os.path.abspath(output))
    subprocess.run(["gnuplot"], input=text, text=True, check=True)
