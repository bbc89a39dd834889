"use strict";

// Events. What is selected lives in the address (#urn), so Back, links and bookmarks work as anywhere.
(() => {
  const at = (id) => document.getElementById(id);
  const svg = at("graph");
  const search = at("search");
  let model = null;
  let view = null;
  let viewport = null;
  let arrow = null; // the arrow that the panel is about
  let clickedOn = null; // selected in the graph itself: no need to come nearer
  let hits = []; // what the search found, with the fields that matched

  function show() {
    const about = arrow ? Panel.arrow(arrow)
      : view.selected ? Panel.resource(view.selected, model)
        : view.found ? Panel.results(search.value.trim(), hits)
          : Panel.overview(model);
    at("about").replaceChildren(...about.filter(Boolean));
    at("panel").scrollTop = 0;
    at("back").hidden = !view.selected && !arrow;
    at("back").textContent = view.found ? "← Matches" : "← Overview";
  }

  async function select(node) {
    arrow = null;
    view.selected = node;
    if (node) {
      view.focused = node;
      document.body.classList.remove("wide");
    }
    show();
    if (node && view.reveal(node) && !(await view.relayout())) return;
    view.mark();
    if (node) viewport.show(view.box(node), node !== clickedOn);
    clickedOn = null;
  }

  function fromAddress() {
    let urn = location.hash.slice(1);
    try {
      urn = decodeURIComponent(urn);
    } catch {
      urn = ""; // somebody else's fragment
    }
    return select(model.byUrn.get(urn) ?? null);
  }

  function go(node) {
    const address = node ? Panel.address(node) : "";
    if (location.hash === address) return select(node);
    if (node) location.hash = address;
    else history.pushState(null, "", location.pathname + location.search);
    return node ? undefined : select(null);
  }

  async function fold(node) {
    const before = view.box(node);
    if (!view.open.delete(node)) view.open.add(node);
    if (view.selected?.ancestors.some((box) => !view.open.has(box))) go(node);
    if (!(await view.relayout())) return;
    viewport.hold(before, view.box(node));
    viewport.show(view.box(node));
    view.focus(node);
  }

  async function foldAll(open) {
    const outer = view.holders.filter((node) => node.parent < 0 && model.roots.length === 1);
    view.open = new Set(open ? view.holders : outer);
    if (view.selected && view.shown(view.selected) !== view.selected) go(view.shown(view.selected));
    if (await view.relayout()) viewport.fit(view.placed);
  }

  function find() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = model.nodes.map((node) => ({ node, fields: Model.match(node, words) }));
    hits = words.length ? matches.filter(({ fields }) => fields) : [];
    view.found = words.length ? hits.map(({ node }) => node) : null;
    at("count").textContent = words.length ? String(hits.length) : "";
    go(null);
    if (hits.length) viewport.showAll(view.found.map((node) => view.box(view.shown(node))));
  }

  // --- Keys: the graph is one stop of the Tab key, arrow keys walk inside it ----------------------------------------

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const press = {
    in: () => viewport.zoom(1.25),
    out: () => viewport.zoom(0.8),
    fit: () => viewport.fit(view.placed),
    unfold: () => foldAll(true),
    fold: () => foldAll(false),
    back: () => go(null),
    side: () => document.body.classList.toggle("wide"),
    help: () => at("keys").showModal(),
    theme: () => themed(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
    every: () => {
      view.every = !view.every;
      at("every").setAttribute("aria-pressed", String(view.every));
      view.mark();
    },
  };
  const KEYS = {
    "+": "in", "=": "in", "-": "out", 0: "fit", e: "unfold", c: "fold", a: "every", t: "theme", p: "side", "?": "help",
    Escape: "back",
  };

  function inGraph(event) {
    const node = model.nodes[event.target.closest(".node")?.dataset.index];
    if (!node) return false;
    if (event.key === "Enter") go(node);
    else if (event.key === " " && node.kids.length) fold(node);
    else if (WAYS[event.key]) walk(node, WAYS[event.key]);
    else return false;
    return true;
  }

  function walk(node, way) {
    const next = view.neighbour(node, way);
    if (!next) return;
    view.focus(next);
    viewport.show(view.box(next));
  }

  function inSearch(event) {
    if (event.key === "Enter" && hits.length) go(hits[0].node);
    if (event.key === "Escape") {
      search.value = "";
      find();
      search.blur();
    }
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    if (event.target === search) inSearch(event);
    else if (inGraph(event)) event.preventDefault();
    else if (event.key === "/") {
      event.preventDefault();
      search.select();
    } else if (KEYS[event.key]) press[KEYS[event.key]]();
  }

  // --- Mouse --------------------------------------------------------------------------------------------------------

  function clicked(event) {
    if (viewport.dragged) return;
    const node = model.nodes[event.target.closest(".node")?.dataset.index];
    const way = event.target.closest(".arrow");
    if (node && event.target.closest(".caret")) fold(node);
    else if (node) go((clickedOn = node));
    else {
      go(null);
      arrow = way && view.placed.arrows.find(({ key }) => key === way.dataset.key);
      show();
    }
  }

  function clickedTwice(event) {
    const node = model.nodes[event.target.closest(".node")?.dataset.index];
    if (node?.kids.length && !event.target.closest(".caret")) fold(node);
  }

  function clickedPanel(event) {
    const term = event.target.closest("[data-find]")?.dataset.find;
    if (!term) return;
    search.value = term;
    find();
  }

  // --- Colours and paper --------------------------------------------------------------------------------------------

  function themed(name) {
    document.documentElement.dataset.theme = name;
  }

  // On paper the whole sheet, whatever part of it is on the screen.
  function toPaper() {
    svg.setAttribute("viewBox", `-8 -8 ${view.placed.width + 16} ${view.placed.height + 16}`);
    at("sheet").removeAttribute("transform");
  }

  function fromPaper() {
    svg.removeAttribute("viewBox");
    viewport.set(viewport.x, viewport.y, viewport.k);
  }

  function listen() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => themed(dark.matches ? "dark" : "light");
    follow();
    dark.addEventListener("change", follow);
    for (const [id, act] of Object.entries(press)) at(id).addEventListener("click", act);
    at("panel").addEventListener("click", clickedPanel);
    search.addEventListener("input", find);
    svg.addEventListener("click", clicked);
    svg.addEventListener("dblclick", clickedTwice);
    addEventListener("keydown", pressed);
    addEventListener("hashchange", fromAddress);
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", fromPaper);
  }

  async function start() {
    model = Model.build(JSON.parse(at("plan").textContent));
    viewport = new Viewport(svg, at("sheet"));
    view = new View(model, viewport, at);
    show();
    await view.begin();
    listen();
    if (location.hash) await fromAddress();
    document.body.dataset.state = "ready";
  }

  start().catch((error) => {
    document.body.dataset.state = "failed";
    at("failed").textContent = `The picture cannot be drawn: ${error.message ?? error}`;
  });
})();
