"use strict";

// The laid-out boxes and arrows as SVG. Every text goes in as text, never as markup.
const Draw = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const { SIZE } = Layout;
  const LOCK = "M2 6V4.2a3 3 0 0 1 6 0V6h.6c.5 0 .9.4.9.9v4.2c0 .5-.4.9-.9.9H1.4a.9.9 0 0 1-.9-.9V6.9c0-.5.4-.9.9-.9zm1.3 0h3.4V4.2a1.7 1.7 0 0 0-3.4 0z";
  const SHORT = { error: "!", warning: "!", info: "i" };

  function make(tag, attributes = {}, ...children) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function sheet(placed) {
    const layers = { boxes: [], arrows: placed.arrows.map(arrow), leaves: [] };
    const elements = new Map();
    for (const here of placed.boxes.values()) {
      const element = box(here);
      elements.set(here.node, element);
      layers[here.open ? "boxes" : "leaves"].push(element);
    }
    return { elements, layers };
  }

  function box(here) {
    const { node, x, y, width, height, open } = here;
    const holds = node.kids.length > 0;
    const depth = node.ancestors.length;
    const classes = ["node", node.kind, open ? `open depth${Math.min(depth, 3)}` : "leaf", holds ? "holds" : ""];
    const element = make("g", {
      class: classes.filter(Boolean).join(" "), transform: `translate(${x} ${y})`, tabindex: "-1", role: "button",
      "data-index": node.index, "aria-label": spoken(node), ...(holds ? { "aria-expanded": String(open) } : {}),
    });
    element.append(make("title", {}, `${node.name}\n${node.type}`));
    if (holds && !open) element.append(make("rect", { class: "behind", x: 4, y: 4, width, height, rx: 8 }));
    element.append(make("rect", { class: "shape", width, height, rx: open ? 10 : 8 }));
    if (node.colour !== undefined) {
      element.append(make("path", { class: `stripe colour${node.colour}`, d: `M8 0H6A6 6 0 0 0 0 6V${height - 6}a6 6 0 0 0 6 6h2z` }));
    }
    element.append(...(open ? head(node, width) : face(node, width)), ...marks(node, width, open));
    return element;
  }

  function head(node, width) {
    const name = make("text", { class: "label", x: 34, y: 26 }, Layout.fit(node.label, SIZE.max));
    name.append(make("tspan", { class: "word", dx: 10 }, node.word));
    // How far the name may grow when it is seen from afar (viewport.js) without leaving its box.
    const most = (13 * (width - 48)) / (Layout.wide(`${node.label} ${node.word}`) * 1.06 + 10);
    name.style.setProperty("--most", `${Math.max(13, most).toFixed(1)}px`);
    return [make("rect", { class: "handle", width, height: SIZE.head, rx: 10 }), caret(14, 21, true), name];
  }

  function face(node, width) {
    const x = Layout.start(node);
    const room = width - x - 10;
    const found = [
      make("text", { class: "label", x, y: 19 }, Layout.fit(node.label, room - Layout.marks(node))),
      make("text", { class: "word", x, y: 35 }, Layout.fit(Layout.subtitle(node), room / Layout.SMALL)),
    ];
    return node.kids.length ? [caret(11, 23, false), ...found] : found;
  }

  function caret(x, y, open) {
    const shape = open ? "M-5 -3H5L0 4z" : "M-3 -5V5L4 0z";
    const area = make("rect", { x: -11, y: -13, width: 24, height: 26, class: "area" });
    return make("g", { class: "caret", transform: `translate(${x + 4} ${y})` }, area, make("path", { d: shape }));
  }

  // From the right: findings, then the lock. A folded box counts the findings of all that is in it.
  function marks(node, width, open) {
    const found = [];
    let right = width - 8;
    const severity = ["error", "warning", "info"].find((each) => node.tally[each]);
    const own = node.kids.length && open ? node.findings.length : node.tally[severity];
    if (severity && own) {
      const text = own > 1 ? String(own) : SHORT[severity];
      const wide = 12 + 6 * text.length;
      const badge = make("g", { class: `badge ${severity}`, transform: `translate(${right - wide} 7)` });
      badge.append(make("rect", { width: wide, height: 16, rx: 8 }), make("text", { x: wide / 2, y: 12 }, text));
      found.push(badge);
      right -= wide + 4;
    }
    if (node.protect) found.push(make("path", { class: "lock", d: LOCK, transform: `translate(${right - 11} 8)` }));
    return found;
  }

  function spoken(node) {
    const said = [node.name, node.kind === "read" ? `${node.type}, only read` : node.type];
    if (node.protect) said.push("protected");
    if (node.kids.length) said.push(`${Model.size(node)} resources`);
    if (node.findings.length) said.push(`${node.findings.length} findings`);
    return said.join(", ");
  }

  function arrow(way) {
    const d = way.lines.map(rounded).join("");
    const heavy = Math.min(3, 1 + Math.log2(way.through.length) / 2).toFixed(2);
    const exact = way.through.every(({ from, to }) => from === way.start && to === way.end);
    const group = make("g", { class: exact ? "arrow" : "arrow sum", "data-key": way.key });
    const count = way.through.length === 1 ? "" : ` (${way.through.length} dependencies)`;
    group.append(make("title", {}, `${way.end.label} needs ${way.start.label}${count}`));
    group.append(make("path", { class: "hit", d }));
    group.append(make("path", { class: "line", d, "stroke-width": heavy, "marker-end": "url(#tip)" }));
    return group;
  }

  // A polyline with its corners rounded.
  function rounded(points) {
    let d = `M${points[0].join(" ")}`;
    for (let at = 1; at < points.length - 1; at += 1) {
      const [corner, before, after] = [points[at], points[at - 1], points[at + 1]];
      d += `L${toward(corner, before).join(" ")}Q${corner.join(" ")} ${toward(corner, after).join(" ")}`;
    }
    return `${d}L${points[points.length - 1].join(" ")}`;
  }

  function toward([x, y], [tx, ty]) {
    const length = Math.hypot(tx - x, ty - y) || 1;
    const step = Math.min(6, length / 2) / length;
    return [x + (tx - x) * step, y + (ty - y) * step];
  }

  // A curve straight from one box to another, behind the resources: the exact dependencies of what is selected.
  function curve(from, to, kind) {
    const [x1, y1, x2, y2, across] = ends(from, to);
    const bend = Math.max(30, Math.abs(across ? x2 - x1 : y2 - y1) / 2);
    const hands = across
      ? [x1 + bend * Math.sign(x2 - x1), y1, x2 - bend * Math.sign(x2 - x1), y2]
      : [x1, y1 + bend * Math.sign(y2 - y1), x2, y2 - bend * Math.sign(y2 - y1)];
    const d = `M${x1} ${y1}C${hands.join(" ")} ${x2} ${y2}`;
    return make("path", { class: `curve ${kind}`, d, "marker-end": `url(#tip-${kind})` });
  }

  function ends(from, to) {
    const middle = (one) => [one.x + one.width / 2, one.y + one.height / 2];
    const [[ax, ay], [bx, by]] = [middle(from), middle(to)];
    const gapX = Math.abs(bx - ax) - (from.width + to.width) / 2;
    const gapY = Math.abs(by - ay) - (from.height + to.height) / 2;
    if (gapX >= gapY) return [bx > ax ? from.x + from.width : from.x, ay, bx > ax ? to.x : to.x + to.width, by, true];
    return [ax, by > ay ? from.y + from.height : from.y, bx, by > ay ? to.y : to.y + to.height, false];
  }

  return { make, sheet, curve, LOCK };
})();
