"use strict";
// The page is drawn from the data block by DOM calls alone: scraped text becomes text nodes and never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("main");
const STAGES = data.stages; // in their order
const TABS = [["overview", "Overview"], ["files", "Files"], ["removals", "Riskiest removals"], ["rules", "Rules"]];
const HOMES = new Map([["page", "files"], ["rule", "rules"]]); // the tab of what has none of its own
const KEYS = [
  ["1 2 3 4", "overview, files, riskiest removals, rules"], ["/", "search"], ["j k", "next, previous file, removal or change"],
  ["Enter", "open"], ["n p", "next, previous page"], ["c", "only lines that changed"], ["Esc", "back to the files"], ["d", "dark or light"],
];
const ROWS = 200; // drawn at once; more when asked for

const state = { sort: 7, down: true, search: "", stage: "", rule: "", changed: false, only: -1, chosen: -1 };

// ---- making elements

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const number = (value) => value.toLocaleString("en");
const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : "–");
const stageClass = (stage) => (STAGES.includes(stage) ? stage : "other");

function link(hash, text, attributes = {}) {
  return make("a", { href: `#${hash}`, ...attributes }, text);
}

// pieces: [0 same | 1 new | 2 gone | 3 replaced, text]
function drawn(pieces, side, stage) {
  const line = make("span");
  for (const [kind, text] of pieces) {
    if (kind === 0) line.append(text);
    else if (kind === 1 && side !== "source") line.append(make("ins", {}, text));
    else if (kind === 2 && side !== "clean") line.append(make("del", { class: stageClass(stage) }, text));
    else if (kind === 3 && side === "source") line.append(text);
  }
  return line;
}

function ruleLink(place) {
  const rule = data.rules[place];
  return link(`rule-${place}`, rule.rule, { class: stageClass(rule.stage), title: rule.about });
}

function notes(changes) {
  const list = make("span");
  changes.forEach(([place, why], at) => list.append(at ? make("br") : "", ruleLink(place), why ? ` ${why}` : ""));
  return list;
}

// A long list: the first rows at once, the others at a press of a button.
function grow(parent, items, row) {
  let shown = 0;
  const button = make("button", { type: "button", class: "more", onclick: () => more() });
  const more = () => {
    button.remove();
    parent.append(...items.slice(shown, shown + ROWS).map((item, at) => row(item, shown + at)));
    shown = Math.min(shown + ROWS, items.length);
    if (shown < items.length) {
      button.textContent = `${number(items.length - shown)} more`;
      (parent.closest("table") || parent).after(button);
    }
  };
  more();
}

function searchBox(label, draw) {
  return make("input", {
    type: "search", id: "search", placeholder: label, "aria-label": label, value: state.search,
    oninput: (event) => { state.search = event.target.value; draw(); },
  });
}

// ---- overview

function overview() {
  const { documents, failures, lines, removed, rewritten, chars, chars_removed: gone, repeats, heavy } = data.totals;
  const tile = (value, text) => make("div", { class: "tile" }, make("b", {}, value), make("span", { class: "soft" }, text));
  const stages = new Map();
  for (const rule of data.rules) stages.set(rule.stage, (stages.get(rule.stage) || 0) + rule.lines);
  main.append(
    make("div", { class: "tiles" },
      tile(number(documents), failures ? `documents, ${number(failures)} failed` : "documents"),
      tile(number(lines), "lines"), tile(number(removed), `lines removed, ${percent(removed, lines)}`),
      tile(number(repeats), `of them say what another line says, ${percent(repeats, lines)}`), tile(number(rewritten), `lines rewritten, ${percent(rewritten, lines)}`),
      tile(percent(gone, chars), "of the characters removed with their lines"),
      heavy ? tile(number(heavy), `documents lost more than ${percent(data.warnShare, 1)} of their letters`) : ""),
    make("h2", {}, "Lines touched, by stage"),
    bars(STAGES.concat([...stages.keys()].filter((stage) => !STAGES.includes(stage))).filter((stage) => stages.has(stage))
      .map((stage) => [make("span", { class: stageClass(stage) }, stage), stages.get(stage), stage])),
    make("h2", {}, "Lines touched, by rule"),
    bars(data.rules.slice(0, 30).map((rule, place) => [ruleLink(place), rule.lines, rule.stage])),
    data.rules.length > 30 ? make("p", {}, link("rules", `all ${data.rules.length} rules`)) : "",
    make("h2", {}, "Documents by script"), bars(data.scripts.map(([script, times]) => [script, times, "script"])),
    make("h2", {}, "Documents by the share of their letters that went"), shares(),
    make("p", { class: "soft" }, sampled()));
}

function sampled() {
  const failed = data.totals.failures;
  const shown = data.pages.length, all = data.totals.documents;
  const pages = shown < all
    ? `A sample: ${number(shown)} of ${number(all)} pages can be opened, the riskiest and others drawn by chance` : "All pages can be opened";
  const files = data.files.length < data.totals.documents + failed ? `; the list holds the first ${number(data.files.length)} files` : "";
  return `${pages}${files}. Removals are the ${number(data.removals.length)} riskiest, hits of a rule a few drawn by chance; numbers are exact. zhnorm ${data.version}`;
}

function bars(rows) {
  const most = Math.max(1, ...rows.map((row) => row[1]));
  const grid = make("div", { class: "bars" });
  for (const [label, value, stage] of rows) {
    const bar = make("div", { class: `bar ${stageClass(stage)}` });
    bar.style.width = `${(100 * value) / most}%`;
    grid.append(make("span", {}, label), make("div", { class: "track" }, bar), make("span", { class: "number" }, number(value)));
  }
  return grid;
}

function shares() {
  const svg = (tag, attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(text);
    return element;
  };
  const most = Math.max(1, ...data.shares);
  const plot = svg("svg", { viewBox: "0 0 660 150", width: 660, height: 150, role: "img" });
  plot.append(svg("title", {}, "How many documents lost how much"));
  data.shares.forEach((value, at) => {
    const height = value ? Math.max(2, (100 * value) / most) : 0, x = 60 * at;
    plot.append(svg("rect", { x: x + 4, y: 120 - height, width: 50, height, rx: 2 }),
      svg("text", { x: x + 29, y: 114 - height, "text-anchor": "middle" }, value ? number(value) : ""),
      svg("text", { x: x + 29, y: 138, "text-anchor": "middle" }, at ? `to ${10 * at} %` : "none"));
  });
  return plot;
}

// ---- files: [name, lines, removed, rewritten, chars, share of the letters that went, risk, page, reason, rule that took most letters]

const COLUMNS = [["file", 0], ["lines", 1], ["removed", 2], ["rewritten", 3], ["characters", 4], ["share gone", 6], ["risk", 7]];
const column = (file, sort) => [file[0], file[1], file[2], file[3], file[4], file[5], file[5], file[6]][sort];

function files() {
  const body = make("tbody"), head = make("tr"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.files.filter((file) => file[0].toLowerCase().includes(wanted));
    const order = (a, b) => { const [x, y] = [column(a, state.sort), column(b, state.sort)]; return x < y ? -1 : x > y ? 1 : 0; };
    found.sort((a, b) => (state.down ? order(b, a) : order(a, b)));
    body.replaceChildren();
    main.querySelectorAll(".more").forEach((button) => button.remove());
    grow(body, found, fileRow);
    count.textContent = `${number(found.length)} of ${number(data.totals.documents + data.totals.failures)} files`;
    head.replaceChildren(...COLUMNS.map(([text, sort]) => make("th", { scope: "col", "aria-sort": sort === state.sort ? (state.down ? "descending" : "ascending") : "none" },
      make("button", { type: "button", onclick: () => { state.down = sort === state.sort ? !state.down : sort > 0; state.sort = sort; draw(); } },
        text + (sort === state.sort ? (state.down ? " ↓" : " ↑") : "")))));
    state.chosen = -1;
  };
  main.append(make("div", { class: "tools" }, searchBox("Search file names", draw), count),
    make("table", {}, make("thead", {}, head), body), make("p", { class: "soft" }, sampled()));
  draw();
}

function fileRow(file) {
  const [name, lines, removed, rewritten, chars, share, risk, page, reason, rule] = file;
  const cell = (text) => make("td", { class: "number" }, text);
  const title = page < 0 ? make("span", {}, name) : link(`page-${page}`, name);
  if (reason) return make("tr", { class: "item" }, make("td", { class: "name" }, name), make("td", { colspan: 6 }, `failed: ${reason}`));
  return make("tr", { class: "item" }, make("td", { class: "name" }, title), cell(number(lines)), cell(number(removed)), cell(number(rewritten)),
    cell(number(chars)), heavyCell(share, rule), cell(number(risk)));
}

// The share of the letters that went; if it is a heavy loss, with the rule that took most of them.
function heavyCell(share, rule) {
  const text = percent(share, 1);
  if (share <= data.warnShare) return make("td", { class: "number" }, text);
  return make("td", { class: "number heavy" }, make("b", {}, text), make("br"), rule);
}

// ---- a page, source and clean text side by side

function page(place, line) {
  const shown = data.pages[place];
  if (!shown) return files();
  const grid = make("div", { class: "page" });
  const used = [...new Set(shown.lines.flatMap((row) => row[3].map((note) => note[0])))].sort((a, b) => a - b);
  const draw = () => {
    const rows = shown.lines.filter((row) => (state.only < 0 ? !state.changed || row[3].length : row[3].some((note) => note[0] === state.only)));
    const head = make("div", { class: "head" }, ...["", "kind", "source", "clean", "why"].map((text) => make("span", {}, text)));
    grid.replaceChildren(head, ...rows.map(pageRow));
    chips.replaceChildren(...used.map((rule) => make("button", {
      type: "button", class: `chip ${stageClass(data.rules[rule].stage)}`, "aria-pressed": String(state.only === rule),
      onclick: () => { state.only = state.only === rule ? -1 : rule; draw(); },
    }, data.rules[rule].rule)));
    box.checked = state.changed;
    state.chosen = -1;
  };
  const chips = make("span"), box = make("input", { type: "checkbox", id: "changed", onchange: (event) => { state.changed = event.target.checked; draw(); } });
  if (!used.includes(state.only)) state.only = -1;
  const step = (to, text) => (data.pages[to] ? link(`page-${to}`, text, { title: data.pages[to].name }) : make("span", { class: "soft" }, text));
  main.append(make("h2", {}, shown.name), make("div", { class: "tools" }, step(place - 1, "← previous"), step(place + 1, "next →"),
    make("label", {}, box, " only lines that changed"), chips), grid,
    shown.more ? make("p", { class: "soft" }, `${number(shown.more)} more lines are not shown`) : "");
  draw();
  const wanted = line && grid.querySelector(`[data-line="${line}"]`);
  if (wanted) choose([...grid.querySelectorAll(".item")].indexOf(wanted));
}

function pageRow([line, gone, pieces, changes, kind]) {
  const stage = changes.length ? data.rules[changes[changes.length - 1][0]].stage : "";
  const clean = make("span", { class: "clean" }, gone ? "" : drawn(pieces, "clean", stage));
  return make("div", { class: changes.length ? "item" : "", "data-line": String(line) }, make("span", { class: "number" }, String(line)),
    make("span", { class: "kind" }, kind), make("span", { class: "source" }, drawn(pieces, "source", stage)), clean, make("span", { class: "why" }, notes(changes)));
}

// ---- removals, and the hits of a rule

const places = new Map(data.pages.map((shown, place) => [shown.name, place]));

function card(hit) {
  const where = `${hit.name}:${hit.line}`, place = places.get(hit.name);
  const stage = data.rules[hit.rule].stage;
  return make("div", { class: "card item" },
    make("p", {}, drawn(hit.pieces, "both", stage)),
    hit.quote ? make("p", { class: "why" }, `> ${hit.quote}`) : "",
    make("p", { class: "why" }, ruleLink(hit.rule), hit.why ? ` ${hit.why} · ` : " · ",
      place === undefined ? where : link(`page-${place}-${hit.line}`, where), hit.risk ? ` · risk ${number(hit.risk)}` : ""));
}

function removals() {
  const list = make("div"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.removals.filter((hit) => (!state.stage || data.rules[hit.rule].stage === state.stage)
      && (!state.rule || data.rules[hit.rule].rule === state.rule)
      && (!wanted || hit.name.toLowerCase().includes(wanted) || hit.pieces.some((piece) => piece[1].toLowerCase().includes(wanted))));
    list.replaceChildren();
    main.querySelectorAll(".more").forEach((button) => button.remove());
    grow(list, found, card);
    count.textContent = `${number(found.length)} removals`;
    state.chosen = -1;
  };
  const select = (key, label, values) => make("select", { id: key, "aria-label": label, onchange: (event) => { state[key] = event.target.value; draw(); } },
    make("option", { value: "" }, label), ...values.map((value) => make("option", { value, selected: state[key] === value }, value)));
  const rules = new Set(data.removals.map((hit) => data.rules[hit.rule].rule));
  if (state.rule && !rules.has(state.rule)) state.rule = "";
  main.append(make("div", { class: "tools" }, searchBox("Search texts and files", draw),
    select("stage", "all stages", STAGES.filter((stage) => data.removals.some((hit) => data.rules[hit.rule].stage === stage))),
    select("rule", "all rules", [...rules].sort()), count),
  make("p", { class: "soft" }, "Risk: characters that went; less if a line that stays says the same, more if the page model was not sure, twice for a sentence."), list);
  draw();
}

function rules() {
  const body = make("tbody"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.rules.map((rule, place) => [rule, place]).filter(([rule]) => `${rule.rule} ${rule.about}`.toLowerCase().includes(wanted));
    body.replaceChildren();
    main.querySelectorAll(".more").forEach((button) => button.remove());
    grow(body, found, ([rule, place]) => make("tr", { class: "item" }, make("td", {}, ruleLink(place)), make("td", {}, rule.stage),
      make("td", { class: "number" }, number(rule.lines)), make("td", { class: "soft" }, rule.about)));
    count.textContent = `${number(found.length)} rules`;
    state.chosen = -1;
  };
  main.append(make("div", { class: "tools" }, searchBox("Search rules", draw), count),
    make("table", {}, make("thead", {}, make("tr", {}, ...["rule", "stage", "lines", "about"].map((text) => make("th", { scope: "col" }, text)))), body));
  draw();
}

function rule(place) {
  const shown = data.rules[place];
  if (!shown) return rules();
  const hits = data.hits[place];
  main.append(make("h2", { class: stageClass(shown.stage) }, shown.rule), make("p", {}, shown.about),
    make("p", { class: "soft" }, `stage ${shown.stage} · ${number(shown.lines)} lines${shown.off ? ` · to do without it: ${shown.off}` : ""}`),
    make("p", { class: "soft" }, hits.length < shown.lines ? `${number(hits.length)} of them, drawn by chance:` : ""), ...hits.map(card));
}

// ---- where we are, and keys

function draw() {
  const [name, place, line] = location.hash.slice(1).split("-");
  const tab = HOMES.get(name) || (TABS.some(([id]) => id === name) ? name : "overview");
  document.getElementById("tabs").replaceChildren(...TABS.map(([id, text]) => link(id, text, id === tab ? { "aria-current": "page" } : {})));
  if (tab !== state.tab) Object.assign(state, { search: "", tab });
  main.replaceChildren();
  state.chosen = -1;
  scrollTo(0, 0);
  if (name === "page") page(Number(place), Number(line) || 0);
  else if (name === "rule") rule(Number(place));
  else ({ overview, files, removals, rules })[tab]();
}

function choose(place) {
  const items = [...main.querySelectorAll(".item")];
  if (!items.length) return;
  state.chosen = Math.max(0, Math.min(items.length - 1, place));
  items.forEach((item, at) => item.classList.toggle("chosen", at === state.chosen));
  (items[state.chosen].firstElementChild || items[state.chosen]).scrollIntoView({ block: "center" });
}

function turn(by) {
  const [name, place] = location.hash.slice(1).split("-");
  const to = name === "page" ? Number(place) + by : 0;
  if (data.pages[to]) location.hash = `page-${to}`;
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}

function help() {
  const box = document.getElementById("help");
  if (box.open) return box.close();
  box.replaceChildren(make("h2", {}, "Keys"), make("table", {}, ...KEYS.map(([key, text]) => make("tr", {},
    make("td", {}, ...key.split(" ").flatMap((one) => [make("kbd", {}, one), " "])), make("td", {}, text)))),
  make("button", { type: "button", onclick: () => box.close() }, "Close"));
  box.showModal();
}

const ACTIONS = {
  j: () => choose(state.chosen + 1), k: () => choose(state.chosen - 1), n: () => turn(1), p: () => turn(-1), d: theme, "?": help,
  c: () => { const box = document.getElementById("changed"); if (box) box.click(); },
  "/": () => { const box = document.getElementById("search"); if (box) box.focus(); },
  Escape: () => { if (location.hash.startsWith("#page")) location.hash = "files"; },
  Enter: () => { const chosen = main.querySelector(".chosen a[href^='#page']") || main.querySelector(".chosen a"); if (chosen) chosen.click(); },
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input[type=search], select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "Enter" && event.target.matches("a, button, input")) return;
  const tab = TABS[Number(event.key) - 1];
  const action = tab ? () => { location.hash = tab[0]; } : ACTIONS[event.key];
  if (action) { event.preventDefault(); action(); }
});
addEventListener("hashchange", draw);
document.getElementById("theme").addEventListener("click", theme);
document.getElementById("keys").addEventListener("click", help);
document.getElementById("title").textContent = data.title;
draw();
