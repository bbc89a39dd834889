"use strict";

// What is on the sheet: which components are unfolded, what is selected or found, and the marks that follow from it.
class View {
  constructor(model, viewport, at) {
    Object.assign(this, { model, viewport, at });
    this.holders = model.nodes.filter((node) => node.kids.length);
    this.open = this.starting();
    this.selected = null; // a resource or component
    this.focused = null; // where the arrow keys stand
    this.found = null; // resources that a search found, null without one
    this.every = false; // whether all dependencies are drawn from resource to resource
    this.placed = null;
    this.drawn = null;
    this.turn = 0;
  }

  // Fold the innermost components first, until what is left can be taken in.
  starting() {
    for (let level = depth(this.holders) + 1; ; level -= 1) {
      const open = new Set(this.holders.filter((node) => node.ancestors.length < level));
      const visible = this.model.nodes.filter((node) => Layout.shown(node, open) === node).length;
      if (visible <= View.MOST || level === 0) return open;
    }
  }

  // Where all of it would come out too small to read, the innermost components start folded too.
  async begin() {
    await this.relayout();
    for (let level = depth(this.open); level > 0 && this.viewport.scale(this.placed) < View.LEAST; level -= 1) {
      this.open = new Set([...this.open].filter((node) => node.ancestors.length < level));
      await this.relayout();
    }
    this.viewport.fit(this.placed, View.LEAST);
  }

  // False where a later call overtook this one.
  async relayout() {
    const mine = (this.turn += 1);
    document.body.dataset.state = "busy";
    const next = await Layout.place(this.model, this.open);
    if (mine !== this.turn) return false;
    this.placed = next;
    this.drawn = Draw.sheet(next);
    for (const [layer, elements] of Object.entries(this.drawn.layers)) this.at(layer).replaceChildren(...elements);
    this.mark();
    document.body.dataset.state = "ready";
    return true;
  }

  shown(node) {
    return Layout.shown(node, this.open);
  }

  box(node) {
    return this.placed.boxes.get(node);
  }

  // Unfold what hides a resource; true if anything did.
  reveal(node) {
    const folded = node.ancestors.filter((box) => !this.open.has(box));
    folded.forEach((box) => this.open.add(box));
    return folded.length > 0;
  }

  focus(node) {
    this.focused = node;
    this.mark();
    this.drawn.elements.get(node)?.focus({ preventScroll: true });
  }

  // Classes and curves for what is selected or found; cheap, so it is done anew each time.
  mark() {
    if (!this.drawn) return;
    const curves = this.curves();
    const found = new Set((this.found ?? []).map((node) => this.shown(node)));
    const lit = this.lit(curves, found);
    const stop = [this.focused, this.selected, this.model.roots[0]].find((node) => this.drawn.elements.has(node));
    for (const [node, element] of this.drawn.elements) {
      element.classList.toggle("selected", node === this.selected);
      element.classList.toggle("found", found.has(node));
      element.classList.toggle("dim", lit !== null && !lit.has(node));
      element.setAttribute("tabindex", node === stop ? "0" : "-1");
    }
    this.at("sheet").classList.toggle("quiet", this.selected !== null);
    this.at("sheet").classList.toggle("every", this.every);
    this.at("curves").replaceChildren(...this.draw(curves));
  }

  // What is not to be dimmed, with the boxes around it; null where everything is equal.
  lit(curves, found) {
    if (!this.selected && !this.found) return null;
    const lit = this.selected
      ? [this.selected, ...below(this.selected), ...curves.flatMap(({ from, to }) => [from, to])].map((node) => this.shown(node))
      : [...found];
    return new Set(lit.flatMap((node) => [node, ...node.ancestors]));
  }

  // Of a resource all its direct dependencies, of a component those that cross its border.
  curves() {
    const node = this.selected;
    if (!node) return this.every ? this.crossing() : [];
    if (!node.kids.length) {
      const needs = node.needs.map(({ node: from }) => ({ from, to: node, kind: "need" }));
      return needs.concat(node.wanted.map(({ node: to }) => ({ from: node, to, kind: "want" })));
    }
    const inside = new Set([node, ...below(node)]);
    return this.model.edges
      .filter(({ from, to }) => inside.has(from) !== inside.has(to))
      .map((edge) => ({ ...edge, kind: inside.has(edge.to) ? "need" : "want" }));
  }

  // Every dependency that is drawn only in sum, between boxes.
  crossing() {
    const edges = this.model.edges.filter(({ from, to }) => from.parent !== to.parent);
    return edges.map((edge) => ({ ...edge, kind: "plain" }));
  }

  draw(curves) {
    const once = new Map();
    for (const { from, to, kind } of curves) {
      const [start, end] = [this.shown(from), this.shown(to)];
      const key = `${start.index}-${end.index}`;
      if (!Model.related(start, end)) once.set(key, Draw.curve(this.box(start), this.box(end), kind));
    }
    return [...once.values()];
  }

  // The nearest box in the direction of an arrow key.
  neighbour(from, [right, down]) {
    const middle = (one) => [one.x + (one.open ? 30 : one.width / 2), one.y + (one.open ? 15 : one.height / 2)];
    const [x, y] = middle(this.box(from));
    const cost = (here) => {
      const [dx, dy] = [middle(here)[0] - x, middle(here)[1] - y];
      const ahead = dx * right + dy * down;
      return ahead > 4 ? ahead + 2.5 * (Math.abs(dx * down) + Math.abs(dy * right)) : Infinity;
    };
    const best = [...this.placed.boxes.values()].reduce((a, b) => (cost(b) < cost(a) ? b : a));
    return cost(best) < Infinity ? best.node : null;
  }
}
Object.assign(View, {
  MOST: 150, // boxes that the page starts with at most
  LEAST: 0.42, // scale that it starts with at least
});

function below(node) {
  return node.kids.flatMap((kid) => [kid, ...below(kid)]);
}

function depth(nodes) {
  return Math.max(0, ...[...nodes].map((node) => node.ancestors.length));
}
