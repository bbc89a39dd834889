"use strict";

// Where everything lies. Each box is laid out by itself by ELK, innermost first, so that an arrow that leaves a box
// starts at its border: at hundreds of resources the picture stays one of boxes, not of crossing lines.
const Layout = (() => {
  const FONT = '13px system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
  const SIZE = { height: 44, min: 104, max: 250, text: 18, folded: 30, head: 42, pad: 16 };
  const WIDE = 1.45; // width to height that a box aims at: that of a screen beside the panel
  const SMALL = 0.885; // the second line's letters, against the first's
  // Things in one box, beyond which finer layouts would take seconds: tidy places and splits, several tries, any routes.
  const FINE = 48;
  const SEVERAL = 100;
  const ROUTED = 450;

  const elk = new ELK({ algorithms: ["layered", "rectpacking"] });
  const pen = document.createElement("canvas").getContext("2d");
  const done = new Map(); // layouts by the shape of what is in a box: like boxes look alike, and are computed once

  function wide(text, font = FONT) {
    pen.font = font;
    return pen.measureText(text).width;
  }

  // Text that fits a width, cut in the middle: names differ at their end as often as at their start.
  function fit(text, room) {
    if (wide(text) <= room) return text;
    const letters = [...text];
    for (let keep = letters.length - 1; keep > 2; keep -= 1) {
      const short = `${letters.slice(0, Math.ceil(keep / 2)).join("")}…${letters.slice(-Math.floor(keep / 2)).join("")}`;
      if (wide(short) <= room) return short;
    }
    return "…";
  }

  async function place(model, open) {
    const lifted = lift(model, open);
    const root = await arrange(null, model.roots, open, lifted);
    const seen = { width: root.width, height: root.height, boxes: new Map(), arrows: [] };
    settle(root, 0, 0, seen);
    return seen;
  }

  // The thing on the screen that stands for a resource: itself, or the outermost folded box around it.
  function shown(node, open) {
    const folded = node.ancestors.filter((box) => !open.has(box));
    return folded.length ? folded[folded.length - 1] : node;
  }

  // Each dependency as an arrow between two things that lie in the same box; parallel ones become one.
  function lift(model, open) {
    const boxes = new Map();
    for (const edge of model.edges) {
      const from = shown(edge.from, open);
      const to = shown(edge.to, open);
      if (Model.related(from, to)) continue;
      const ups = [from, ...from.ancestors];
      const downs = [to, ...to.ancestors];
      const common = ups.find((node) => downs.includes(node)) ?? null;
      const start = common ? ups[ups.indexOf(common) - 1] : ups[ups.length - 1];
      const end = common ? downs[downs.indexOf(common) - 1] : downs[downs.length - 1];
      if (!boxes.has(common)) boxes.set(common, new Map());
      const inside = boxes.get(common);
      const key = `${start.index}-${end.index}`;
      if (!inside.has(key)) inside.set(key, { key, start, end, through: [] });
      inside.get(key).through.push(edge);
    }
    return boxes;
  }

  async function arrange(owner, kids, open, lifted) {
    const parts = await Promise.all(kids.map((kid) => measure(kid, open, lifted)));
    const arrows = [...(lifted.get(owner) ?? new Map()).values()];
    const place = new Map(kids.map((kid, ordinal) => [kid, ordinal]));
    const ties = arrows.map(({ start, end }) => [place.get(start), place.get(end)]);
    const name = JSON.stringify([parts.map((part) => [part.width, part.height]), ties]);
    if (!done.has(name)) done.set(name, best(parts, ties));
    const found = await done.get(name);
    return { parts, arrows, found, width: found.width, height: found.height };
  }

  async function measure(node, open, lifted) {
    if (!open.has(node)) return { node, ...leaf(node) };
    const inner = await arrange(node, node.kids, open, lifted);
    const head = Math.min(wide(node.label, `600 ${FONT}`), SIZE.max) + wide(node.word) + 90;
    return {
      node, inner, width: Math.ceil(Math.max(inner.width + 2 * SIZE.pad, head)),
      height: Math.ceil(inner.height + SIZE.head + SIZE.pad),
    };
  }

  function leaf(node) {
    const first = wide(node.label) + marks(node);
    const needed = start(node) + Math.max(first, wide(subtitle(node)) * SMALL) + 12;
    return { width: Math.ceil(Math.min(SIZE.max, Math.max(SIZE.min, needed))), height: SIZE.height };
  }

  // Where the text of a box begins: after its coloured edge, or its triangle.
  const start = (node) => (node.kids.length ? SIZE.folded : SIZE.text);

  // Room beside the name for what draw.js puts into the corner.
  function marks(node) {
    const badge = Object.values(node.tally).some(Boolean) ? 30 : 0;
    return badge + (node.protect ? 18 : 0);
  }

  function subtitle(node) {
    const size = Model.size(node);
    if (node.kids.length) return `${node.word} · ${size} ${size === 1 ? "resource" : "resources"}`;
    return node.kind === "component" ? node.word : `${node.module} · ${node.word}`;
  }

  // The layout that can be shown largest on a screen, of the few that ELK makes of the same box.
  async function best(parts, ties) {
    if (!parts.length) return { width: 0, height: 0, children: [], edges: [] };
    const tried = await Promise.all(styles(parts, ties).map((style) => elk.layout(graph(parts, ties, style))));
    const cost = (one) => Math.max(one.width / WIDE, one.height) + 0.05 * (one.width + one.height);
    return tried.reduce((a, b) => (cost(b) < cost(a) * 0.98 ? b : a));
  }

  function styles(parts, ties) {
    if (!ties.length || parts.length > ROUTED) return [{ "elk.algorithm": "rectpacking" }];
    if (parts.length > SEVERAL) return [QUICK];
    const plain = ["RIGHT", "DOWN"].map((direction) => ({ "elk.direction": direction }));
    if (parts.length < 5 || parts.length > FINE) return plain;
    // A layer of many nodes may be split into several: else six applications on one foundation are one endless row.
    const split = parts.length > 8 ? ["2", "3"] : ["2"];
    return plain.concat(plain.flatMap((style) => split.map((layers) => ({ ...style, layers }))));
  }

  const OPTIONS = {
    "elk.algorithm": "layered", "elk.edgeRouting": "ORTHOGONAL", "elk.aspectRatio": String(WIDE),
    "elk.padding": "[top=0,left=0,bottom=0,right=0]", "elk.spacing.nodeNode": "16", "elk.spacing.edgeNode": "14",
    "elk.spacing.edgeEdge": "9", "elk.spacing.componentComponent": "20",
    "elk.layered.spacing.nodeNodeBetweenLayers": "30", "elk.layered.spacing.edgeNodeBetweenLayers": "14",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "9", "elk.layered.mergeEdges": "true",
    "elk.layered.considerModelOrder.strategy": "PREFER_NODES",
  };

  const QUICK = {
    "elk.direction": "RIGHT", "elk.layered.thoroughness": "2", "elk.layered.considerModelOrder.strategy": "NONE",
    "elk.layered.crossingMinimization.greedySwitch.type": "OFF", "elk.layered.nodePlacement.bk.fixedAlignment": "LEFTUP",
  };

  function graph(parts, ties, { layers, ...style }) {
    const fine = parts.length > FINE ? {} : { "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX" };
    const split = layers ? { "elk.layered.layerUnzipping.strategy": "ALTERNATING" } : {};
    const each = layers ? { "elk.layered.layerUnzipping.layerSplit": layers } : {};
    const packed = style["elk.algorithm"] === "rectpacking"; // knows no edges
    return {
      id: "box",
      layoutOptions: { ...OPTIONS, ...fine, ...split, ...style },
      children: parts.map(({ width, height }, ordinal) => ({ id: `n${ordinal}`, width, height, layoutOptions: each })),
      edges: packed ? [] : ties.map(([start, end], ordinal) => ({
        id: `e${ordinal}`, sources: [`n${start}`], targets: [`n${end}`],
      })),
    };
  }

  // From places inside each box to places on the sheet.
  function settle(box, x, y, seen) {
    const spots = new Map([...box.found.children, ...box.found.edges].map((each) => [each.id, each]));
    box.parts.forEach((part, ordinal) => {
      const { x: dx, y: dy } = spots.get(`n${ordinal}`);
      const here = { node: part.node, x: x + dx, y: y + dy, width: part.width, height: part.height, open: Boolean(part.inner) };
      seen.boxes.set(part.node, here);
      if (part.inner) settle(part.inner, here.x + SIZE.pad, here.y + SIZE.head, seen);
    });
    box.arrows.forEach((arrow, ordinal) => {
      const lines = (spots.get(`e${ordinal}`)?.sections ?? []).map(({ startPoint, bendPoints = [], endPoint }) =>
        [startPoint, ...bendPoints, endPoint].map((point) => [point.x + x, point.y + y]));
      if (lines.length) seen.arrows.push({ ...arrow, lines });
    });
  }

  return { place, shown, fit, wide, subtitle, start, marks, SIZE, SMALL };
})();
