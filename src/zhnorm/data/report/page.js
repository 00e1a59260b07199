"use strict";
// Behind keeping.js, in one script. The page is drawn from the data block by DOM calls alone: scraped text becomes text nodes and never markup.

const data = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("main");
const STAGES = data.stages; // in their order
const hasSites = data.sites.rows.length > 0, isCleaned = data.totals.documents + data.totals.failures > 0 || !hasSites;
const TABS = [...(isCleaned ? [["overview", "Overview"], ["removals", "Removals"], ["files", "Files"], ["rules", "Rules"]] : []), ...(hasSites ? [["sites", "Sites"]] : [])];
const HOMES = new Map([["page", "files"], ["read", "files"], ["rule", "rules"], ["site", "sites"]]); // the tab of what has none of its own
const KEYS = [
  [TABS.map((tab, at) => at + 1).join(" "), TABS.map(([name]) => name).join(", ")], ["/", "search"], ["j k", "next, previous removal, file or change"],
  ["Enter", "open"], ["x", "keep what is chosen: put it into the command"], ["n p", "next, previous page or site"],
  ["r", "the clean text alone, and back"], ["c", "only lines that changed"], ["Esc", "back to the files"], ["d", "dark or light"],
];
const ROWS = 200; // drawn at once; more when asked for
const FOLDED = 6; // lines in a row that went, from which on they are folded
const [SAME, NEW, GONE, OLD] = [0, 1, 2, 3]; // pieces of a line: [kind, text]

const state = { sort: 5, down: true, siteSort: 7, siteDown: true, order: "doubt", search: "", stage: "", rule: "", changed: false, only: -1, chosen: -1 };

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
const counted = (times, one, many = `${one}s`) => `${number(times)} ${times === 1 ? one : many}`;
const stageClass = (stage) => (STAGES.includes(stage) ? stage : "other");
const soft = (...children) => make("p", { class: "soft" }, ...children);
const button = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

function link(hash, text, attributes = {}) {
  return make("a", { href: `#${hash}`, ...attributes }, text);
}

// What the source side shows, the clean side, or both in one.
function drawn(pieces, side, stage = "", lang = null) {
  const line = make("span", { lang });
  for (const [kind, text] of pieces) {
    if (kind === SAME) line.append(text);
    else if (kind === NEW && side !== "source") line.append(make("ins", {}, text));
    else if (kind === GONE && side !== "clean") line.append(make("del", { class: stageClass(stage) }, text));
    else if (kind === OLD && side === "source") line.append(text);
  }
  return line;
}

function ruleLink(place) {
  const rule = data.rules[place];
  return link(`rule-${place}`, rule.rule, { class: stageClass(rule.stage), title: rule.about });
}

// A long list: the first rows at once, the others at a press of a button.
function grow(parent, items, row) {
  let shown = 0;
  const rest = button("", () => more(), { class: "more" });
  const more = () => {
    rest.remove();
    parent.append(...items.slice(shown, shown + ROWS).map((item, at) => row(item, shown + at)));
    shown = Math.min(shown + ROWS, items.length);
    if (shown < items.length) {
      rest.textContent = `${number(items.length - shown)} more`;
      (parent.closest("table") || parent).after(rest);
    }
  };
  main.querySelectorAll(".more").forEach((other) => other.remove());
  parent.replaceChildren();
  more();
  state.chosen = -1;
}

function searchBox(label, draw) {
  return make("input", {
    type: "search", id: "search", placeholder: label, "aria-label": label, value: state.search,
    oninput: (event) => { state.search = event.target.value; draw(); },
  });
}

function choice(key, label, options, draw) {
  return make("select", { id: key, "aria-label": label, onchange: (event) => { state[key] = event.target.value; draw(); } },
    ...options.map(([value, text]) => make("option", { value, selected: state[key] === value }, text)));
}

// ---- overview

function overview() {
  const { documents, changed, failures, lines, removed, rewritten, letters, letters_removed: gone, repeats, heavy } = data.totals;
  const tile = (value, text) => make("div", { class: "tile" }, make("b", {}, value), make("span", { class: "soft" }, text));
  const [rewriting, removing] = [true, false].map((rewrites) => data.rules.map((rule, place) => [rule, place]).filter(([rule]) => rule.rewrites === rewrites));
  const ruleBars = (found) => bars(found.slice(0, 12).map(([rule, place]) => [ruleLink(place), rule.lines, rule.stage]));
  const all = (found) => (found.length > 12 ? make("p", {}, link("rules", `all ${found.length} rules`)) : "");
  main.append(
    make("div", { class: "tiles" },
      tile(number(documents), `documents, ${number(changed)} changed${failures ? `, ${number(failures)} failed` : ""}`),
      tile(percent(gone, letters), "of the letters went"),
      tile(number(removed), `of ${counted(lines, "line")} went, ${percent(removed, lines)}`),
      tile(number(repeats), `of those say what another line says, ${percent(repeats, removed)}`),
      tile(number(rewritten), `of the lines that stay were rewritten, ${percent(rewritten, lines - removed)}`),
      heavy ? tile(number(heavy), `documents lost more than ${percent(data.warnShare, 1)} of their letters`) : ""),
    ...(data.removals.length ? [make("h2", {}, "Look at these first"), make("div", {}, ...data.removals.slice(0, 3).map(card)),
      make("p", {}, link("removals", `all removals, the most doubtful first`))] : []),
    make("div", { class: "columns" },
      make("section", {}, make("h2", {}, "Removed: lines, or parts of them, by rule"), ruleBars(removing), all(removing)),
      make("section", {}, make("h2", {}, "Rewritten: characters, in lines by rule"), ruleBars(rewriting), all(rewriting)),
      make("section", {}, make("h2", {}, "Documents by the share of their letters that went"),
        bars(data.shares.map((value, at) => [at ? `${10 * at - 10} to ${10 * at} %` : "none", value, "share"]))),
      make("section", {}, make("h2", {}, "Documents by script"), bars(data.scripts.map(([script, times]) => [script, times, "share"])))),
    soft(sampled()));
}

function sampled() {
  const { documents, failures, removed, different } = data.totals;
  const shown = data.pages.length;
  const pages = shown < documents
    ? `A sample: ${number(shown)} of ${number(documents)} pages can be opened, the most doubtful and others drawn by chance` : "All pages can be opened";
  const files = data.files.length < documents + failures ? `; the list holds the first ${number(data.files.length)} files` : "";
  const removals = data.removals.length < different
    ? `Of ${number(different)} different removals ${number(data.removals.length)} are shown: the most doubtful, the most frequent, and some of each rule; a ledger (--ledger) has all` : "All removals are shown";
  const keeping = data.command.canApply || !removed ? "" : " Single lines cannot be kept from here: the inputs are files of records, stand in a list, or were cleaned in place without a ledger. A rule's page says how to do without it.";
  return `${pages}${files}. ${removals}. Numbers are exact.${keeping} zhnorm ${data.version}`;
}

function bars(rows) {
  const most = Math.max(1, ...rows.map((row) => row[1])), whole = rows.reduce((sum, row) => sum + row[1], 0);
  const grid = make("div", { class: "bars" });
  for (const [label, value, stage] of rows) {
    const bar = make("div", { class: `bar ${stageClass(stage)}` });
    bar.style.width = `${(100 * value) / most}%`;
    grid.append(make("span", {}, label), make("div", { class: "track" }, value ? bar : ""),
      make("span", { class: "number", title: percent(value, whole) }, number(value)));
  }
  return grid;
}

// ---- removals: equal ones are one card

function doubt(value) {
  return make("span", { class: `doubt ${value >= 30 ? "high" : value >= 10 ? "some" : "little"}`, title: "0 to 100" }, `doubt ${number(Math.round(value))}`);
}

function where([name, line]) {
  const [text, , page] = data.names[name];
  const shown = data.command.isLone ? `line ${line}` : `${text}:${line}`;
  return page < 0 ? shown : link(`page-${page}-${line}`, shown);
}

function card(found) {
  const { rule, pieces, places, times, documents } = found, stage = data.rules[rule].stage;
  const text = found.isPart === false ? make("span", { lang: found.lang }, pieces.map((piece) => piece[1]).join("")) : drawn(pieces, "both", stage, found.lang);
  const head = make("div", { class: "head" });
  if (found.doubt !== undefined) head.append(doubt(found.doubt));
  head.append(ruleLink(rule));
  if (times > 1) head.append(make("span", {}, `${found.isExact ? "" : "at least "}${counted(times, "time")}${documents > 1 ? ` in ${number(documents)} documents` : ""}`));
  if (found.times) head.append(make("span", { class: "grow" }), placesButton(places, times));
  const shown = make("p", { class: "why" });
  places.slice(0, 3).forEach((place, at) => shown.append(at ? ", " : "", where(place)));
  if (places.length > 3) {
    const rest = button(`${number(times - 3)} more`, () => rest.replaceWith(...places.slice(3).flatMap((place) => [", ", where(place)]),
      times > places.length ? ` and ${number(times - places.length)} more` : ""), { class: "inline" });
    shown.append(" ", rest);
  }
  return make("div", { class: `card item ${stageClass(stage)}-side` }, head, make("p", { class: "text" }, text),
    found.quote ? make("p", { class: "why" }, "a line that stays: ", make("q", { lang: found.lang }, found.quote)) : "",
    found.why ? make("p", { class: "why" }, `${Math.round(100 * found.chance)} % likely to be text: ${found.why}`) : "", shown);
}

const ORDERS = {
  doubt: (a, b) => b.doubt - a.doubt || b.times - a.times, times: (a, b) => b.times - a.times || b.doubt - a.doubt, chars: (a, b) => b.chars - a.chars,
};

function removals() {
  const list = make("div"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.removals.filter((group) => (!state.stage || data.rules[group.rule].stage === state.stage)
      && (!state.rule || data.rules[group.rule].rule === state.rule)
      && (!wanted || group.places.some(([name]) => data.names[name][0].toLowerCase().includes(wanted)) || group.pieces.some((piece) => piece[1].toLowerCase().includes(wanted))));
    grow(list, found.sort(ORDERS[state.order]), card);
    count.textContent = `${number(found.length)} different, ${counted(found.reduce((sum, group) => sum + group.times, 0), "removal")}`;
  };
  const named = [...new Set(data.removals.map((group) => data.rules[group.rule].rule))].sort();
  if (state.rule && !named.includes(state.rule)) state.rule = "";
  const staged = STAGES.filter((stage) => data.removals.some((group) => data.rules[group.rule].stage === stage));
  main.append(make("div", { class: "tools" }, searchBox("Search texts and files", draw),
    choice("order", "Order", [["doubt", "most doubtful first"], ["times", "most frequent first"], ["chars", "longest first"]], draw),
    choice("stage", "Stage", [["", "all stages"], ...staged.map((stage) => [stage, stage])], draw),
    choice("rule", "Rule", [["", "all rules"], ...named.map((rule) => [rule, rule])], draw), count),
  soft("Doubt, 0 to 100: how likely a removal took text, by its evidence, times how much would be lost: by its length, or by the share of its document if that weighs more."),
  list, soft(sampled()));
  draw();
}

// ---- files: [name, lines, removed, rewritten, share of the letters that went, doubt, page, reason, rule that took most letters]

const COLUMNS = ["file", "lines", "removed", "rewritten", "letters gone", "doubt"];

function files() {
  const body = make("tbody"), head = make("tr"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.files.filter((file) => file[0].toLowerCase().includes(wanted));
    const order = (a, b) => { const [x, y] = [a[state.sort], b[state.sort]]; return x < y ? -1 : x > y ? 1 : 0; };
    found.sort((a, b) => (state.down ? order(b, a) : order(a, b)));
    grow(body, found, fileRow);
    count.textContent = `${number(found.length)} of ${counted(data.totals.documents + data.totals.failures, "file")}`;
    head.replaceChildren(...COLUMNS.map((text, sort) => make("th", { scope: "col", class: sort ? "number" : null, "aria-sort": sort === state.sort ? (state.down ? "descending" : "ascending") : "none" },
      button(text + (sort === state.sort ? (state.down ? " ↓" : " ↑") : ""), () => { state.down = sort === state.sort ? !state.down : sort > 0; state.sort = sort; draw(); }))));
  };
  main.append(make("div", { class: "tools" }, searchBox("Search file names", draw), count),
    make("table", {}, make("thead", {}, head), body), soft(sampled()));
  draw();
}

const cell = (text, label) => make("td", { class: "number", "data-label": label }, text);

function fileRow(file) {
  const [name, lines, removed, rewritten, share, value, page, reason, rule] = file;
  if (reason) return make("tr", { class: "item" }, make("td", { class: "name" }, name), make("td", { colspan: 5 }, `failed: ${reason}`));
  const title = page < 0 ? make("span", {}, name) : link(`page-${page}`, name);
  const isHeavy = share > data.warnShare;
  return make("tr", { class: "item" }, make("td", { class: "name" }, title), cell(number(lines), "lines"), cell(number(removed), "removed"),
    cell(number(rewritten), "rewritten"), make("td", { class: `number ${isHeavy ? "heavy" : ""}`, "data-label": "letters gone" }, percent(share, 1),
      ...(isHeavy ? [make("small", {}, ` ${rule}`)] : [])), cell(number(Math.round(value)), "doubt"));
}

// ---- a page: source and clean text side by side, or the clean text alone

function page(place, line, isRead) {
  const shown = data.pages[place];
  if (!shown) return files();
  const step = (to, text) => (data.pages[to] ? link(`${isRead ? "read" : "page"}-${to}`, text, { title: data.names[data.pages[to].name][0] }) : make("span", { class: "soft" }, text));
  const view = (name, text, on) => link(`${name}-${place}`, text, on ? { "aria-current": "page" } : {});
  const tools = make("div", { class: "tools" }, make("span", { class: "views" }, view("page", "Side by side", !isRead), view("read", "Clean text", isRead)),
    step(place - 1, "← previous"), step(place + 1, "next →"));
  const body = make("div");
  const [, lines, removed, rewritten, share] = data.files.find((file) => file[6] === place) || [];
  const numbers = lines ? soft(`${counted(lines, "line")}, ${number(removed)} removed, ${number(rewritten)} rewritten; ${percent(share, 1)} of the letters went`) : "";
  main.append(make("h2", { class: "name" }, data.names[shown.name][0]), numbers, tools, body);
  if (isRead) read(body, shown);
  else sides(body, tools, shown, line);
  const all = shown.more ? `${counted(shown.more, "more line")} ${shown.more === 1 ? "is" : "are"} not shown here. ` : "";
  if (shown.explain) main.append(soft(all, all ? "All of them on a terminal: " : "The same on a terminal: ", copied(shown.explain)));
  else if (all) main.append(soft(all));
}

function sides(body, tools, shown, line) {
  const grid = make("div", { class: "page" }), chips = make("div", { class: "chips" });
  const used = new Map();
  for (const row of shown.lines) for (const [rule] of row[3]) used.set(rule, (used.get(rule) || 0) + 1);
  const box = make("input", { type: "checkbox", id: "changed", onchange: (event) => { state.changed = event.target.checked; draw(); } });
  const draw = () => {
    const rows = shown.lines.filter((row) => (state.only < 0 ? !state.changed || row[3].length : row[3].some((note) => note[0] === state.only)));
    const head = make("div", { class: "head" }, ...["", "source", "clean", "why"].map((text) => make("span", {}, text)));
    grid.replaceChildren(head, ...folded(rows, line).map((row) => (row.length === 2 ? fold(row[1], shown) : pageRow(row, shown))));
    chips.replaceChildren(...[...used].sort((a, b) => b[1] - a[1]).map(([rule, times]) => button(`${data.rules[rule].rule} ${number(times)}`,
      () => { state.only = state.only === rule ? -1 : rule; draw(); }, { class: `chip ${stageClass(data.rules[rule].stage)}`, "aria-pressed": String(state.only === rule) })));
    box.checked = state.changed;
    state.chosen = -1;
  };
  if (!used.has(state.only)) state.only = -1;
  tools.append(make("label", {}, box, " only lines that changed"));
  body.append(chips, grid);
  draw();
  const wanted = line && grid.querySelector(`[data-line="${line}"]`);
  if (wanted) choose([...grid.querySelectorAll(".item")].indexOf(wanted));
}

// Rows, with long runs of lines that went put together as ["fold", rows].
function folded(rows, line) {
  const found = [];
  for (let start = 0; start < rows.length;) {
    let stop = start + 1;
    while (rows[start][1] && stop < rows.length && rows[stop][1]) stop += 1;
    const run = rows.slice(start, stop), inside = run.slice(2, -1);
    if (run.length < FOLDED || inside.some((row) => row[0] === line)) found.push(...run);
    else found.push(run[0], run[1], ["fold", inside], run[run.length - 1]);
    start = stop;
  }
  return found;
}

function fold(rows, shown) {
  const times = new Map();
  for (const row of rows) times.set(row[3].at(-1)?.[0], (times.get(row[3].at(-1)?.[0]) || 0) + 1);
  const said = [...times].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([rule, n]) => `${data.rules[rule]?.rule} ${number(n)}`).join(", ");
  const made = button(`${counted(rows.length, "more line")} went: ${said}${times.size > 4 ? ", …" : ""}`,
    () => made.replaceWith(...rows.map((row) => pageRow(row, shown))), { class: "fold" });
  return made;
}

// What happened to a line: rule and evidence of each change.
function notes(changes) {
  const list = make("span", { class: "notes" });
  changes.forEach(([place, why], at) => list.append(at ? make("br") : "", ruleLink(place), why ? ` ${why}` : ""));
  return list;
}

function pageRow([line, gone, pieces, changes, kind], shown) {
  const stage = changes.length ? data.rules[changes[changes.length - 1][0]].stage : "";
  const why = make("span", { class: "why" });
  if (changes.some(([rule]) => !data.rules[rule].rewrites)) why.append(placesButton([[shown.name, line]]));
  const said = notes(changes);
  if (kind && gone) said.append(` (read as ${kind})`);
  if (changes.length) why.append(said);
  return make("div", { class: `${changes.length ? "item" : ""} ${gone ? "gone" : ""}`, "data-line": String(line), onclick: (event) => chooseThis(event.currentTarget) }, make("span", { class: "number", title: kind }, String(line)),
    make("span", { class: "source", lang: shown.langs[0] }, drawn(pieces, "source", stage)),
    make("span", { class: "clean", lang: shown.langs[1] }, gone ? "" : drawn(pieces, "clean", stage)), why);
}

function read(body, shown) {
  const text = make("article", { class: "alone", lang: shown.langs[1] });
  let gap = [];
  const close = () => {
    if (gap.length) text.append(gapOf(gap, shown));
    gap = [];
  };
  for (const row of shown.lines) {
    const [, gone, pieces, changes] = row;
    if (gone) { if (pieces.length) gap.push(row); continue; }
    close();
    const line = make("p", {});
    const isTrimmed = changes.some(([rule]) => !data.rules[rule].rewrites);
    for (const [kind, part] of pieces) {
      if (kind === SAME || kind === NEW) line.append(part);
      else if (kind === GONE && isTrimmed && part.trim()) line.append(make("span", { class: "cut", title: part, lang: shown.langs[0] }));
    }
    if (!line.textContent.trim()) line.className = "blank";
    text.append(line);
  }
  close();
  body.append(text);
}

// Lines that went between two that stay: how many, and at a press which.
function gapOf(rows, shown) {
  const list = make("div", { class: "lost", hidden: true, lang: shown.langs[0] });
  const head = button(counted(rows.length, "line") + " removed", () => {
    if (!list.childElementCount) list.append(...rows.map((row) => make("p", {}, drawn(row[2], "both", data.rules[row[3].at(-1)?.[0]]?.stage), " ", placesButton([[shown.name, row[0]]]))));
    list.hidden = !list.hidden;
    head.setAttribute("aria-expanded", String(!list.hidden));
  }, { class: "gap", lang: "en", "aria-expanded": "false" });
  return make("div", {}, head, list);
}

// ---- rules

function rules() {
  const body = make("tbody"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase();
    const found = data.rules.map((rule, place) => [rule, place]).filter(([rule]) => `${rule.rule} ${rule.about}`.toLowerCase().includes(wanted));
    grow(body, found, ([rule, place]) => make("tr", { class: "item" }, make("td", { class: "rule" }, ruleLink(place)),
      cell(number(rule.lines), rule.rewrites ? "lines rewritten" : "lines"), cell(rule.rewrites ? "–" : percent(rule.letters, data.totals.letters), "letters gone"),
      make("td", { class: "soft about" }, rule.about)));
    count.textContent = counted(found.length, "rule");
  };
  main.append(make("div", { class: "tools" }, searchBox("Search rules", draw), count),
    make("table", {}, make("thead", {}, make("tr", {}, ...["rule", "lines", "letters gone", "about"].map((text, at) => make("th", { scope: "col", class: at % 3 ? "number" : null }, text)))), body));
  draw();
}

function rule(place) {
  const shown = data.rules[place];
  if (!shown) return rules();
  const taken = data.removals.filter((group) => group.rule === place);
  const list = make("div");
  const said = taken.length ? "Equal texts once, the most doubtful first:" : data.hits[place].length < shown.lines ? "Some of them, drawn by chance:" : "";
  main.append(make("h2", { class: stageClass(shown.stage) }, shown.rule), make("p", {}, shown.about),
    soft(`stage ${shown.stage} · ${counted(shown.lines, "line")}${shown.rewrites ? " rewritten" : `, ${percent(shown.letters, data.totals.letters)} of the letters`}`
      + `${shown.off ? ` · to do without it: ${shown.off}` : ""}`), make("p", {}, ruleButton(place)), soft(said), list);
  grow(list, taken.length ? taken : data.hits[place], card);
}

// ---- where we are, and keys

function draw() {
  const [name, place, line] = location.hash.slice(1).split("-");
  const tab = HOMES.get(name) || (TABS.some(([id]) => id === name) ? name : TABS[0][0]);
  document.getElementById("tabs").replaceChildren(...TABS.map(([id, text]) => link(id, text, id === tab ? { "aria-current": "page" } : {})));
  if (tab !== state.tab) Object.assign(state, { search: "", tab });
  main.replaceChildren();
  state.chosen = -1;
  scrollTo(0, 0);
  if (name === "page" || name === "read") page(Number(place), Number(line) || 0, name === "read");
  else if (name === "rule") rule(Number(place));
  else if (name === "site") site(Number(place));
  else ({ overview, removals, files, rules, sites })[tab]();
}

function choose(place) {
  const items = [...main.querySelectorAll(".item")];
  if (!items.length) return;
  state.chosen = Math.max(0, Math.min(items.length - 1, place));
  items.forEach((item, at) => item.classList.toggle("chosen", at === state.chosen));
  (items[state.chosen].firstElementChild || items[state.chosen]).scrollIntoView({ block: "center" });
}

// A press on a row shows all that is said of it.
function chooseThis(row) {
  const items = [...main.querySelectorAll(".item")];
  if (!items.includes(row)) return;
  state.chosen = items.indexOf(row);
  items.forEach((item) => item.classList.toggle("chosen", item === row));
}

function go(view, by) {
  const [name, place] = location.hash.slice(1).split("-");
  const to = Number(place) + by;
  if ((name === "page" || name === "read") && data.pages[to]) location.hash = `${view || name}-${to}`;
  else if (name === "site" && data.sites.rows[to]) location.hash = `site-${to}`;
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
  button("Close", () => box.close()));
  box.showModal();
}

const ACTIONS = {
  j: () => choose(state.chosen + 1), k: () => choose(state.chosen - 1), n: () => go("", 1), p: () => go("", -1), d: theme, "?": help,
  r: () => go(location.hash.startsWith("#read") ? "page" : "read", 0),
  x: () => main.querySelector(".chosen .keep")?.click(),
  c: () => document.getElementById("changed")?.click(),
  "/": () => document.getElementById("search")?.focus(),
  Escape: () => {
    if (/^#(page|read)/.test(location.hash)) location.hash = "files";
    else if (location.hash.startsWith("#site-")) location.hash = "sites";
  },
  Enter: () => (main.querySelector(".chosen a[href^='#page'], .chosen a[href^='#site']") || main.querySelector(".chosen a"))?.click(),
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
