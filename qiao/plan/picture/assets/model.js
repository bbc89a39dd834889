"use strict";

// The embedded data as a tree of resources with dependencies both ways. Knows nothing of the screen.
const Model = (() => {
  const FORMAT = 1;
  const PALETTE = 12; // colours in style.css
  const SECRET = "[secret]";
  const UNKNOWN = "[unknown]";
  const CODE = "[code]";

  function build(data) {
    if (data.format !== FORMAT) throw new Error(`this page reads format ${FORMAT}, the data is ${data.format}`);
    const nodes = data.resources.map((resource, index) => ({
      ...resource, index, kids: [], wanted: [], findings: [], tally: { error: 0, warning: 0, info: 0 },
    }));
    const roots = [];
    for (const node of nodes) (node.parent < 0 ? roots : nodes[node.parent].kids).push(node);
    for (const node of nodes) describe(node, nodes);
    for (const node of nodes) {
      node.needs = node.needs.map(([at, why]) => ({ node: nodes[at], why }));
      for (const { node: other, why } of node.needs) other.wanted.push({ node, why });
    }
    const weight = ({ severity }) => ["error", "warning"].indexOf(severity) + 1 || 3;
    const findings = [...data.findings].sort((a, b) => weight(a) - weight(b));
    for (const finding of findings) attach(finding, nodes);
    const modules = colour(nodes);
    return { ...data, findings, nodes, roots, modules, edges: reduced(nodes), byUrn: new Map(nodes.map((n) => [n.urn, n])) };
  }

  function describe(node, nodes) {
    const parent = nodes[node.parent];
    node.ancestors = [];
    for (let at = node.parent; at >= 0; at = nodes[at].parent) node.ancestors.push(nodes[at]);
    // Children carry their component's name in front; inside its box that says nothing.
    const front = parent ? `${parent.name}-` : "";
    node.label = front && node.name.startsWith(front) && node.name !== front ? node.name.slice(front.length) : node.name;
    const [pack = "", middle = "", last = ""] = node.type.split(":");
    node.word = last || middle || pack;
    node.module = service(node, pack, middle);
    node.fields = fields(node);
  }

  // What a resource belongs to in its cloud: `vpc` of `volcengine:vpc/subnet:Subnet`, else its package.
  function service(node, pack, middle) {
    if (node.kind === "provider") return "provider";
    const [module] = middle.split("/");
    return module && module !== "index" ? module : pack;
  }

  function attach(finding, nodes) {
    const node = nodes[finding.at];
    if (!node) return;
    node.findings.push(finding);
    const severity = finding.severity in node.tally ? finding.severity : "info";
    for (const each of [node, ...node.ancestors]) each.tally[severity] += 1;
  }

  function colour(nodes) {
    const plain = nodes.filter((node) => node.kind !== "component");
    const modules = [...new Set(plain.map((node) => node.module))].sort();
    for (const node of plain) node.colour = modules.indexOf(node.module) % PALETTE;
    return modules;
  }

  // Dependencies that do not follow from others: what a chain already says is not drawn a second time.
  function reduced(nodes) {
    const reach = new Map();
    const reachable = (node) => {
      if (reach.has(node)) return reach.get(node);
      const found = new Set();
      reach.set(node, found);
      for (const { node: next } of node.needs) {
        found.add(next);
        for (const far of reachable(next)) found.add(far);
      }
      return found;
    };
    const edges = [];
    for (const node of nodes) {
      for (const { node: needed } of node.needs) {
        const implied = node.needs.some(({ node: via }) => via !== needed && reachable(via).has(needed));
        if (!implied && !related(node, needed)) edges.push({ from: needed, to: node });
      }
    }
    return edges;
  }

  function related(one, other) {
    return one === other || one.ancestors.includes(other) || other.ancestors.includes(one);
  }

  // What the search looks at, as [where, text]. Secrets are not in the data, so they cannot be in here.
  function fields(node) {
    const found = [["name", node.name], ["type", node.type], ["service", node.module]];
    flatten("", node.inputs, found);
    for (const [label, value] of node.options) flatten(label, value, found);
    return found;
  }

  function flatten(path, value, found) {
    const tag = Array.isArray(value) ? value[0] : "";
    if (tag === "m") for (const [key, item] of value[1]) flatten(path ? `${path}.${key}` : key, item, found);
    else if (tag === "l") value[1].forEach((item, place) => flatten(`${path}[${place}]`, item, found));
    else if (tag !== "at") found.push([path, text(value)]);
  }

  // A scalar as text.
  function text(value) {
    if (!Array.isArray(value)) return String(value);
    return { s: SECRET, u: UNKNOWN, c: CODE }[value[0]] ?? value[1];
  }

  // Resources below a component (itself not counted).
  function size(node) {
    return node.kids.reduce((sum, kid) => sum + (kid.kind === "component" ? 0 : 1) + size(kid), 0);
  }

  // The field of a resource that each word of a query is found in; null where a word is nowhere.
  function match(node, words) {
    const hits = [];
    for (const word of words) {
      const [, only, plain] = /^(name|type|service):(.*)$/.exec(word) ?? [null, null, word];
      const hit = node.fields.find(([where, said]) => (!only || where === only) && holds(where, said, plain));
      if (!hit) return null;
      hits.push(hit);
    }
    return hits;
  }

  function holds(where, said, word) {
    if (where === "service") return said.toLowerCase() === word;
    return said.toLowerCase().includes(word) || (!["name", "type"].includes(where) && where.toLowerCase().includes(word));
  }

  return { build, match, related, size, text };
})();
