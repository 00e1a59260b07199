// The sites of a corpus: in the report this stands in front of page.js, whose functions it uses.

const SITE_COLUMNS = [["site", (site) => site.name], ["pages", (site) => site.documents], ["templates", (site) => site.templates],
  ["copies", (site) => site.gone[0]], ["near copies", (site) => site.gone[1]], ["seen before", (site) => site.gone[2]],
  ["pages gone", (site) => sum(site.gone) / Math.max(1, site.documents)], ["doubt", (site) => site.doubt]];

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
const siteName = ({ name }) => (name === "*" ? "all sites" : name || "no site");

function sites() {
  const { rows, all } = data.sites, body = make("tbody"), head = make("tr"), count = make("span", { class: "soft" });
  const draw = () => {
    const wanted = state.search.toLowerCase(), of = SITE_COLUMNS[state.siteSort][1];
    const found = rows.map((site, place) => [site, place]).filter(([site]) => siteName(site).toLowerCase().includes(wanted));
    const order = ([a], [b]) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0);
    found.sort((a, b) => (state.siteDown ? order(b, a) : order(a, b)));
    grow(body, found, siteRow);
    count.textContent = `${number(found.length)} of ${counted(all, "site")}`;
    head.replaceChildren(...SITE_COLUMNS.map(([text], at) => make("th", { scope: "col", class: at ? "number" : null, "aria-sort": at === state.siteSort ? (state.siteDown ? "descending" : "ascending") : "none" },
      button(text + (at === state.siteSort ? (state.siteDown ? " ↓" : " ↑") : ""), () => { state.siteDown = at === state.siteSort ? !state.siteDown : at > 0; state.siteSort = at; draw(); }))));
  };
  const gone = [0, 1, 2].map((at) => sum(rows.map((site) => site.gone[at])));
  const tile = (value, text) => make("div", { class: "tile" }, make("b", {}, number(value)), make("span", { class: "soft" }, text));
  main.append(make("div", { class: "tiles" }, tile(all, "sites"), tile(sum(rows.map((site) => site.templates)), "lines are templates"), tile(gone[0], "pages are copies"),
    gone[1] ? tile(gone[1], "pages are near copies") : "", gone[2] ? tile(gone[2], "pages were seen before") : ""),
  make("div", { class: "tools" }, searchBox("Search sites", draw), count), make("table", {}, make("thead", {}, head), body),
  soft("What goes from the pages of each site because of what stands on others, the most doubtful first: lines that few of its pages have, long ones and whole sentences; near copies, the less alike the more.",
    data.totals.documents ? "" : ` Nothing was cleaned. zhnorm ${data.version}`));
  draw();
}

function siteRow([site, place]) {
  const [copies, near, seen] = site.gone, gone = sum(site.gone);
  return make("tr", { class: "item" }, make("td", { class: "name" }, link(`site-${place}`, siteName(site))), cell(number(site.documents), "pages"), cell(number(site.templates), "templates"),
    cell(number(copies), "copies"), cell(number(near), "near copies"), cell(number(seen), "seen before"), cell(gone ? percent(gone, site.documents) : "–", "pages gone"), cell(number(Math.round(site.doubt)), "doubt"));
}

function site(place) {
  const shown = data.sites.rows[place];
  if (!shown) return sites();
  const [copies, near, seen] = shown.gone, lines = make("tbody"), examples = make("div");
  const parts = [counted(shown.documents, "page"), counted(shown.templates, "template"), copies && counted(copies, "copy", "copies"), near && counted(near, "near copy", "near copies"), seen && `${number(seen)} seen before`];
  const step = (to, text) => (data.sites.rows[to] ? link(`site-${to}`, text, { title: siteName(data.sites.rows[to]) }) : make("span", { class: "soft" }, text));
  main.append(make("h2", { class: "name" }, siteName(shown)), soft(parts.filter(Boolean).join(" · ")),
    make("div", { class: "tools" }, step(place - 1, "← previous"), step(place + 1, "next →"), link("sites", "list of sites")));
  if (shown.lines.length) {
    main.append(make("h2", {}, "Lines that go as templates"), make("table", { class: "lines" }, make("thead", {}, make("tr", {},
      ...["line", "pages", "of all", "doubt"].map((text, at) => make("th", { scope: "col", class: at ? "number" : null }, text)))), lines));
    grow(lines, shown.lines, siteLine);
    if (shown.lines.length < shown.templates) main.append(soft(`${number(shown.templates - shown.lines.length)} more are not shown here; --save-templates FILE has all.`));
    main.append(soft("One of them is text? Take its row out of the file of templates (--save-templates FILE), and give the file to zhnorm corpus clean --templates."));
  }
  if (shown.examples.length) {
    const some = shown.examples.length < sum(shown.gone) ? `, ${number(shown.examples.length)} of ${number(sum(shown.gone))}` : "";
    main.append(make("h2", {}, `Pages that go as a whole${some}`), examples);
    examples.append(...shown.examples.map(goneCard));
  }
}

function siteLine([value, pages, of, many, text, lang, name]) {
  const where = many ? `${number(pages)} on ${counted(many, "site")}` : number(pages);
  const seen = name < 0 ? "" : make("span", { class: "why" }, " ", nameOf(name));
  return make("tr", { class: "item" }, make("td", { class: "text" }, make("span", { lang }, text), seen), cell(where, "pages"), cell(many || !of ? "–" : percent(pages, of), "of all"),
    make("td", { class: "number", "data-label": "doubt" }, doubt(value)));
}

function nameOf(place) {
  const [text, , page] = data.names[place];
  return page < 0 ? text : link(`page-${page}`, text);
}

function goneCard(found) {
  const at = data.rules.findIndex((rule) => rule.rule === found.rule), share = `${(100 * found.likeness).toFixed(found.likeness < 1 ? 1 : 0)} %`;
  const why = found.twin < 0 ? [`${share} of it is known to ${found.where}`] : [`${share} alike to `, nameOf(found.twin), ", which stays"];
  const quoted = (label, text, lang) => (text ? make("p", { class: "text" }, make("span", { class: "why" }, `${label} `), make("span", { lang }, text)) : "");
  return make("div", { class: "card item corpus-side" }, make("div", { class: "head" }, doubt(found.doubt), at < 0 ? make("span", { class: "corpus" }, found.rule) : ruleLink(at), make("span", {}, nameOf(found.name)), make("span", { class: "why" }, ...why)),
    quoted("goes:", found.text, found.lang), quoted("stays:", found.stays, found.staysLang),
    found.lost.length ? make("div", { class: "why" }, "said here, and not there in the same words:", ...found.lost.map((line) => make("p", { lang: found.lang }, make("del", { class: "corpus" }, line)))) : "");
}
