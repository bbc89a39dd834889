"use strict";

// The side panel: the stack, a resource, an arrow, or what a search found. Links are fragments of this page.
const Panel = (() => {
  const LONG = 120; // characters from which on a text gets a block of its own
  const CHIPS = 3; // sources of an input that are shown before the rest is folded away

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const address = (node) => `#${encodeURI(node.urn).replaceAll("#", "%23")}`;

  // A link with the way to it, from the outermost component.
  function link(node, ...more) {
    const way = node.ancestors.map((box) => box.label).reverse();
    return to(node, way.length ? make("span", { class: "way" }, `${way.join(" › ")} › `) : null, ...more);
  }

  // A link by the resource's own name alone, for where its box is known.
  function to(node, way, ...more) {
    const swatch = node.colour === undefined ? null : make("span", { class: `swatch colour${node.colour}` });
    const attributes = { href: address(node), class: "to", title: `${node.name}\n${node.type}` };
    return make("a", attributes, swatch, make("span", {}, way, make("b", {}, node.label)), ...more);
  }

  function section(title, ...children) {
    return make("section", {}, make("h3", {}, title), ...children);
  }

  function list(items) {
    return make("ul", { class: "links" }, ...items.map((item) => make("li", {}, item)));
  }

  function value(given, model) {
    const tag = Array.isArray(given) ? given[0] : "";
    if (tag === "m") return given[1].length ? pairs(given[1], model) : make("span", { class: "none" }, "{}");
    if (tag === "l") return items(given[1], model);
    if (tag === "s") return make("span", { class: "secret" }, Model.text(given));
    if (tag === "u") return make("span", { class: "unknown", title: "known once it exists" }, Model.text(given));
    if (tag === "at") return link(model.nodes[given[1]]);
    if (tag === "t") return make("div", {}, block(given[1]), make("em", {}, `cut: ${given[2]} characters in all`));
    if (given === null) return make("span", { class: "none" }, "null");
    return typeof given === "string" ? words(given) : make("span", { class: "plain" }, Model.text(given));
  }

  function words(text) {
    const nice = /^\s*[[{]/.test(text) ? pretty(text) : null;
    if (nice !== null) return block(nice);
    if (text.length > LONG || text.includes("\n")) return block(text);
    return text ? make("span", { class: "text" }, text) : make("span", { class: "none" }, "(empty)");
  }

  // JSON inside a string (policies, index settings) is read better with its lines broken.
  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return null;
    }
  }

  const block = (text) => make("pre", { tabindex: "0" }, text);

  // A key and its value: on one line where the value is short.
  function row(key, shown, more = null) {
    const tall = /^(DL|OL|PRE|DIV)$/.test(shown.tagName);
    return make("div", { class: tall ? "row tall" : "row" }, make("dt", {}, key), make("dd", {}, shown, more));
  }

  function pairs(given, model) {
    return make("dl", {}, ...given.map(([key, item]) => row(key, value(item, model))));
  }

  function items(given, model) {
    if (!given.length) return make("span", { class: "none" }, "[]");
    const short = given.every((item) => ["string", "number"].includes(typeof item)) && given.join(", ");
    if (short && short.length < LONG / 2 && !short.includes("\n")) return make("span", { class: "text" }, short);
    return make("ol", { start: "0" }, ...given.map((item) => make("li", {}, value(item, model))));
  }

  function inputs(node, model) {
    const rows = node.inputs[1].map(([key, item]) => row(key, value(item, model), sources(node, key)));
    return rows.length ? section("Inputs", make("dl", { class: "inputs" }, ...rows)) : null;
  }

  function sources(node, key) {
    const from = node.needs.filter(({ why }) => why.includes(key)).map(({ node: other }) => other);
    if (!from.length) return null;
    const links = from.map((other) => make("span", { class: "from" }, "from ", link(other)));
    if (links.length <= CHIPS) return make("div", {}, ...links);
    return make("details", {}, make("summary", {}, `from ${links.length} resources`), ...links);
  }

  function relations(title, entries) {
    if (!entries.length) return null;
    const reason = (why) => make("small", {}, why.length ? why.join(", ") : "dependsOn");
    return section(`${title} (${entries.length})`, list(entries.map(({ node, why }) => link(node, reason(why)))));
  }

  function findings(found, model) {
    if (!found.length) return null;
    const entry = ({ severity, text, at }) => make(
      "li", { class: `finding ${["error", "warning"].includes(severity) ? severity : "info"}` },
      make("b", {}, severity), ` ${text} `, model && model.nodes[at] ? link(model.nodes[at]) : null,
    );
    return section(`Findings (${found.length})`, make("ul", { class: "findings" }, ...found.map(entry)));
  }

  const KINDS = {
    component: "component", resource: "resource", read: "existing resource, only read", provider: "provider",
  };

  function resource(node, model) {
    const way = node.ancestors.map((box) => to(box, null)).reverse();
    const kids = node.kids.map((kid) => to(kid, null, make("small", {}, kid.word)));
    return [
      make("p", { class: "crumbs" }, ...way.flatMap((step) => [step, " › "])),
      make("h2", {}, node.name),
      make("p", { class: "type" }, make("code", {}, node.type), make("span", { class: "kind" }, KINDS[node.kind])),
      findings(node.findings),
      node.options.length ? section("Options", pairs(node.options, model)) : null,
      inputs(node, model),
      kids.length ? section(`Holds (${kids.length})`, list(kids)) : null,
      relations("Needs", node.needs),
      relations("Needed by", node.wanted),
      node.outside.length ? section("Needs, outside this picture", list(node.outside)) : null,
      section("URN", make("p", {}, make("code", { class: "urn" }, node.urn))),
    ];
  }

  function overview(model) {
    const real = model.nodes.filter((node) => node.kind !== "component");
    const count = (module) => real.filter((node) => node.module === module).length;
    const legend = model.modules.map((module) => {
      const find = { type: "button", class: "find", "data-find": `service:${module}` };
      const swatch = make("span", { class: `swatch colour${model.modules.indexOf(module) % 12}` });
      return make("button", find, swatch, module, make("small", {}, String(count(module))));
    });
    const parts = model.nodes.length - real.length;
    const known = model.preview
      ? "What a resource reports only once it exists is [unknown]."
      : "What a resource reports only once it exists (ids, addresses) is left open or filled with a stand-in.";
    return [
      make("h2", {}, model.title),
      make("p", {}, `Project ${model.project}, stack ${model.stack}: ${real.length} resources in ${parts} components.`),
      findings(model.findings, model),
      section("Services", make("div", { class: "services" }, ...legend)),
      model.outputs[1].length ? section("Outputs", pairs(model.outputs[1], model)) : null,
      section("What this does not show", make("p", {}, `${known} Quotas, stock and what exists in the account are not known. Secrets are not in this file.`)),
    ];
  }

  function arrow(way) {
    const behind = way.through.map(({ from, to }) =>
      make("div", { class: "pair" }, link(to), make("span", {}, " needs "), link(from)));
    return [
      make("h2", {}, "Dependencies"),
      make("p", {}, link(way.end), " needs ", link(way.start), "."),
      section(`Resources behind it (${behind.length})`, list(behind)),
    ];
  }

  function results(query, found) {
    const entry = ({ node, fields }) => {
      const [where, said] = fields.find(([field]) => !["name", "type", "service"].includes(field)) ?? ["type", node.type];
      const short = said.length > LONG ? `${said.slice(0, LONG)}…` : said;
      return link(node, make("small", {}, where === "type" ? short : `${where} = ${short}`));
    };
    const title = `${found.length} ${found.length === 1 ? "match" : "matches"} for “${query}”`;
    const none = make("p", {}, "Every word must be in a resource's name, type, inputs or options. ",
      "“type:” or “name:” before a word looks only there.");
    return [make("h2", {}, title), found.length ? list(found.map(entry)) : none];
  }

  return { resource, overview, arrow, results, address };
})();
