"use strict";
// In the report this stands in front of page.js: what is to be kept, and the command that keeps it.

const kept = { places: new Map(), rules: new Set() }; // lines by the place of their document's name, and places of rules

const canKeep = (places) => places.some(([name]) => data.names[name][1] !== null);
const isKept = (places) => places.every(([name, line]) => data.names[name][1] === null || kept.places.get(name)?.has(line));

function keep(places, wanted) {
  for (const [name, line] of places) {
    if (data.names[name][1] === null) continue;
    if (!kept.places.has(name)) kept.places.set(name, new Set());
    if (wanted) kept.places.get(name).add(line);
    else kept.places.get(name).delete(line);
  }
  basket();
}

// Lines as --except takes them: 3, or 5-7.
function runs(lines) {
  const found = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = found[found.length - 1];
    if (last && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}

function command() {
  const wanted = [...kept.rules].map((place) => data.rules[place].word);
  for (const [name, lines] of kept.places) {
    wanted.push(...runs(lines).map((run) => `${data.command.isLone ? "" : data.names[name][1]}:${run}`));
  }
  return [data.command.apply, ...wanted.map((what) => `--except ${what}`), data.command.target].join(" ");
}

function basket() {
  const box = document.getElementById("basket");
  const lines = [...kept.places.values()].reduce((sum, found) => sum + found.size, 0);
  box.hidden = !lines && !kept.rules.size;
  document.querySelectorAll(".keep").forEach((one) => one.dispatchEvent(new Event("refresh")));
  if (box.hidden) return;
  const said = [lines ? counted(lines, "line") : "", kept.rules.size ? counted(kept.rules.size, "rule") : ""].filter(Boolean).join(", ");
  const code = make("code", { id: "command" }, command());
  const clear = () => { kept.places.clear(); kept.rules.clear(); basket(); };
  box.replaceChildren(make("p", {}, make("b", {}, `To be kept: ${said}. `), before()), make("div", { class: "tools" }, code,
    button("Copy", (event) => copy(code, event.target)), button("Clear", clear)));
}

// What has to be done before the command works.
function before() {
  const { hasLedger, isPiped } = data.command;
  const ledger = hasLedger ? "" : "This run wrote no ledger: run its command once more with --ledger why.jsonl. Then, ";
  return `${ledger || "In "}${ledger ? "in " : ""}the folder where zhnorm was run${isPiped ? ", with the text in page.txt" : ""}:`;
}

function copy(code, pressed) {
  const done = (text) => { pressed.textContent = text; setTimeout(() => { pressed.textContent = "Copy"; }, 1500); };
  const selected = () => {
    getSelection().selectAllChildren(code);
    done(document.execCommand("copy") ? "Copied" : "Selected");
  };
  if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(() => done("Copied"), selected);
  else selected();
}

const copied = (text) => {
  const code = make("code", {}, text);
  return make("span", { class: "copied" }, code, button("Copy", (event) => copy(code, event.target)));
};

// A button that keeps and lets go again.
function keepButton(isOn, toggle, text = "Keep") {
  const made = button("", () => toggle(!isOn()), { class: "keep" });
  const draw = () => {
    made.textContent = isOn() ? "✓ kept" : text;
    made.setAttribute("aria-pressed", String(isOn()));
  };
  made.addEventListener("refresh", draw);
  draw();
  return made;
}

function placesButton(places, times = places.length) {
  if (!canKeep(places)) return "";
  const text = times > places.length ? `Keep the first ${places.length}` : times > 1 ? `Keep all ${times}` : "Keep";
  return keepButton(() => isKept(places), (wanted) => keep(places, wanted), text);
}

function ruleButton(place) {
  if (!data.command.canApply) return "";
  return keepButton(() => kept.rules.has(place), (wanted) => { kept.rules[wanted ? "add" : "delete"](place); basket(); }, "Keep all that it took");
}
