"use strict";
const contents = JSON.parse(document.getElementById("contents").textContent);
const byId = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

// --- words: a value at a bar is 64 bits; nothing is rounded on the way from the kernel to the screen --------------------

const words = new Map();

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = planes.length / 8, whole = new Uint8Array(planes.length);
  for (let plane = 0; plane < 8; plane++) for (let k = 0; k < count; k++) whole[8 * k + plane] = planes[plane * count + k];
  return new BigUint64Array(whole.buffer);
}

function column(value) {
  const index = contents.values[value].column;
  if (!words.has(index)) {
    const held = contents.columns[index];
    words.set(index, held.same ? Promise.resolve({ same: BigInt("0x" + held.same) }) : Promise.all([
      Promise.all(held.exact.map(unpacked)), held.low && unpacked(held.low), held.high && unpacked(held.high),
    ]).then(([exact, low, high]) => ({ exact, low: low && new Float64Array(low.buffer), high: high && new Float64Array(high.buffer) })));
  }
  return words.get(index);
}

const wordAt = (held, bar) => {
  if (held.same !== undefined) return held.same;
  const k = contents.exact.findIndex(([first, after]) => first <= bar && bar < after);
  return k < 0 ? null : held.exact[k][bar - contents.exact[k][0]];
};
const view = new DataView(new ArrayBuffer(8));
const asFloat = (word) => (view.setBigUint64(0, word), view.getFloat64(0));
const asWhole = (word) => BigInt.asIntN(64, word);
const asNumber = (value, word) => (value.reads === "float" ? asFloat(word) : Number(asWhole(word)));
const hex = (word) => "0x" + word.toString(16).padStart(16, "0");

function hexFloat(word) {
  const number = asFloat(word), sign = word >> 63n ? "-" : "";
  if (!Number.isFinite(number)) return decimal(number);
  const field = Number((word >> 52n) & 0x7ffn), digits = (word & 0xfffffffffffffn).toString(16).padStart(13, "0").replace(/0+$/, "");
  if (number === 0) return sign + "0x0p+0";
  const power = field ? field - 1023 : -1022;
  return `${sign}0x${field ? 1 : 0}${digits && "." + digits}p${power < 0 ? "" : "+"}${power}`;
}

function decimal(number) {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (Object.is(number, -0)) return "-0.0";
  const text = String(number);
  return /[.e]/.test(text) ? text : text + ".0";
}

function shown(value, word) {
  if (word === null) return "…";
  if (value.type === "bool") return word ? "True" : "False";
  const whole = asWhole(word).toString();
  if (value.members) return value.members[whole] ?? whole;
  return value.reads === "float" ? decimal(asFloat(word)) : whole;
}
const short = (text) => (text.length <= 13 || !/^[-\d.e+]+$/.test(text) ? text : decimal(Number(Number(text).toPrecision(8))));
const withUnit = (value) => (value.unit ? ` [${value.unit}]` : "");

// --- what is looked at; it stands in the address, so that a link shows the same ------------------------------------------

const asked = new URLSearchParams(location.hash.slice(1));
const indexOf = new Map(contents.values.map((value, k) => [value.name, k]));
const outputs = contents.values.flatMap((value, k) => (value.kind === "output" && value.name !== "status" ? [k] : []));
const state = {
  bar: clamped(Number(asked.get("bar") ?? contents.marks.at(-1)?.bar ?? 0)),
  value: indexOf.get(asked.get("value")) ?? outputs[0] ?? 0,
  lane: null,
  plots: (asked.get("plot") ?? "").split(",").map((name) => indexOf.get(name)).filter((k) => k !== undefined),
};
const numbers = outputs.filter((k) => contents.values[k].reads === "float");
if (!state.plots.length) state.plots = [...new Set([...numbers, ...outputs])].slice(0, 2);
function clamped(bar) { return Math.min(Math.max(Number.isFinite(bar) ? Math.trunc(bar) : 0, 0), contents.bars - 1); }

function remember() {
  const names = state.plots.map((k) => contents.values[k].name).join(",");
  history.replaceState(null, "", "#" + new URLSearchParams({ bar: state.bar, value: contents.values[state.value].name, plot: names }));
}

// --- the graph ------------------------------------------------------------------------------------------------------------

const picture = byId("picture"), boxes = [...picture.querySelectorAll("g[data-box]")];
const laneOf = new Map(contents.lanes.map((lane, k) => [lane.path, k]));
byId("fit").addEventListener("click", () => byId("fit").setAttribute("aria-pressed", picture.classList.toggle("fit")));
const readable = picture.querySelector("svg").viewBox.baseVal.width < 2 * picture.clientWidth;
picture.classList.toggle("fit", readable);
byId("fit").setAttribute("aria-pressed", readable);
for (const box of boxes) {
  const about = contents.boxes[box.dataset.box];
  const choose = () => {
    state.lane = about.port ? null : laneOf.get(about.title) ?? null;
    if (about.value !== null) state.value = about.value;
    byId("search").value = about.port && about.value === null ? about.title + "." : "";
    for (const other of boxes) other.classList.toggle("chosen", other === box);
    rows(); look();
  };
  box.addEventListener("click", choose);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
}

async function label() {
  const bar = state.bar;
  for (const box of boxes) {
    const { value } = contents.boxes[box.dataset.box];
    if (value === null) continue;
    const held = await column(value);
    if (bar !== state.bar) return;
    box.querySelector(".now").textContent = short(shown(contents.values[value], wordAt(held, bar)));
  }
}

function light(tree) {
  const kept = new Set();
  (function walk(each) {
    const index = indexOf.get(each.name);
    if (index !== undefined) kept.add(contents.values[index]);
    each.because.forEach(walk);
  })(tree ?? { because: [] });
  const names = new Set([...kept].map((value) => value.name)), lanes = new Set([...kept].map((value) => contents.lanes[value.lane].path));
  const lit = boxes.map((box) => {
    const { title, port } = contents.boxes[box.dataset.box];
    const is = port ? [...names].some((name) => name === title || name === "output:" + title || name.startsWith(title + ".")) : lanes.has(title);
    box.classList.toggle("kept", is);
    return is;
  });
  for (const path of picture.querySelectorAll("path[data-from]")) path.classList.toggle("kept", lit[path.dataset.from] && lit[path.dataset.to]);
  picture.classList.toggle("explained", Boolean(tree));
  const home = contents.lanes[contents.values[state.value].lane].path;
  boxes.find((box) => contents.boxes[box.dataset.box].title === home)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// --- values ---------------------------------------------------------------------------------------------------------------

let listed = [];

function rows() {
  const sought = byId("search").value.trim().toLowerCase();
  const lane = state.lane === null ? null : contents.lanes[state.lane];
  byId("lane").replaceChildren(...(lane && !sought
    ? [make("strong", {}, lane.path), ` ${lane.lane}  ${lane.at} `, make("button", { onclick: () => { state.lane = null; rows(); } }, "all lanes"), make("div", { class: "soft" }, lane.doc)]
    : []));
  listed = contents.values.map((value, k) => k).filter((k) => {
    const value = contents.values[k];
    return sought ? value.name.toLowerCase().includes(sought) : lane ? value.lane === state.lane : value.kind === "output" || value.kind === "input";
  }).sort((a, b) => (contents.values[b].kind === "output") - (contents.values[a].kind === "output"));
  byId("rows").replaceChildren(...listed.slice(0, 400).map((k) => {
    const value = contents.values[k];
    const plot = make("button", { "aria-label": "plot " + value.name, "aria-pressed": state.plots.includes(k), onclick: (event) => { event.stopPropagation(); toggle(k); } }, "∿");
    return make("tr", { "data-value": k, tabindex: 0, onclick: () => choose(k), onkeydown: (event) => { if (event.key === "Enter") choose(k); } },
      make("td", {}, value.name, make("span", { class: "soft" }, `${withUnit(value)} ${value.kind}`)), make("td", { class: "number" }), make("td", {}, plot));
  }));
}

async function fill() {
  const bar = state.bar;
  for (const row of [...byId("rows").children]) {
    const k = Number(row.dataset.value), held = await column(k);
    if (bar !== state.bar) return;
    row.children[1].textContent = shown(contents.values[k], wordAt(held, bar));
    row.setAttribute("aria-selected", k === state.value);
  }
}

function choose(k) { state.value = k; look(); }
function toggle(k) {
  state.plots = state.plots.includes(k) ? state.plots.filter((each) => each !== k) : [...state.plots, k];
  for (const row of byId("rows").children) row.querySelector("button").setAttribute("aria-pressed", state.plots.includes(Number(row.dataset.value)));
  remember(); plots();
}
byId("search").addEventListener("input", () => { rows(); fill(); });

async function about() {
  const value = contents.values[state.value], bar = state.bar, held = await column(state.value);
  if (bar !== state.bar) return;
  const word = wordAt(held, bar);
  const facts = [["name", value.name], ["value", word === null ? between(held) : shown(value, word) + withUnit(value)]];
  if (word !== null && value.reads === "float") facts.push(["hexadecimal", hexFloat(word)]);
  if (word !== null) facts.push(["bits", hex(word)]);
  facts.push(["type", value.type + withUnit(value)], ["kind", value.kind], ["stage", value.stage],
    ["lane", contents.lanes[value.lane].path], ["source", value.at]);
  byId("about").replaceChildren(make("dl", {}, ...facts.filter(([, fact]) => fact).flatMap(([name, fact]) => [make("dt", {}, name), make("dd", {}, make("code", {}, fact))])),
    ...(value.source ? [make("pre", {}, value.source)] : []));
  explain(value);
}

function between(held) {
  const stretch = Math.min(Math.floor((state.bar * held.low.length) / contents.bars), held.low.length - 1);
  return `from ${decimal(held.low[stretch])} to ${decimal(held.high[stretch])} near here: --bar ${state.bar} makes it exact`;
}

function explain(value) {
  const mark = contents.marks.find((each) => each.bar === state.bar);
  const found = mark && find(mark.why, value.name);
  light(found);
  const made = mark && mark.made[value.name];
  byId("made").replaceChildren(...(made ? waterfall(made) : []));
  byId("why").replaceChildren(found ? make("ul", { class: "tree", role: "tree" }, branch(found)) : make("p", { class: "soft" },
    mark ? "Nothing on this bar's trees is called so. " : "Worked out for marked bars. ", "For this one: ",
    make("code", {}, `dagc tap … --bar ${state.bar} --lane ${value.name} --why`)));
}

// What a number was made of, step by step; bars are of logarithms, as factors multiply, unless a number on the way is not above 0.
function waterfall(made) {
  const told = (number) => (typeof number === "string" ? number : decimal(number));
  const points = [made.first, ...made.steps.map((step) => step.after)].map(Number);
  const scale = points.every((point) => point > 0) ? Math.log : (point) => point;
  const finite = points.map(scale).filter(Number.isFinite), low = Math.min(...finite), wide = Math.max(...finite) - low || 1;
  const at = (point) => Math.min(Math.max((100 * (scale(Number(point)) - low)) / wide, 0), 100) || 0;
  const bar = (from, to) => make("span", { class: "fall" }, make("span", {
    class: to < from ? "down" : "up", style: `left:${Math.min(at(from), at(to))}%;width:${Math.abs(at(to) - at(from))}%` }));
  const row = (...cells) => make("tr", {}, ...cells.map((cell, k) => make("td", k > 1 ? { class: "number" } : {}, cell)));
  return [make("h3", {}, "What it was made of"), make("p", {}, `${told(made.value)}${made.unit === "1" ? "" : ` [${made.unit}]`}, set by ${made.set_by}`),
    make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "What it was made of" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["step", "change", "is", "gives", "if it did nothing", "share"].map((title) => make("th", { scope: "col" }, title)))),
      make("tbody", {}, row(made.begins, "", "", told(made.first), "", ""), ...made.steps.map((step) => row(
        `${step.does} ${step.name}`, bar(step.before, step.after), told(step.operand), Object.is(step.after, step.before) ? "the same" : told(step.after),
        told(step.neutral), step.share === null ? "" : short(told(step.share)) + (step.error ? ` ± ${Number(step.error).toPrecision(2)}` : ""))))))];
}

function find(trees, name) {
  if (trees[name]) return trees[name];
  const seek = (tree) => (tree.name === name ? tree : tree.because.map(seek).find(Boolean));
  return Object.values(trees).map(seek).find(Boolean);
}

function branch(tree) {
  const value = indexOf.get(tree.name);
  const name = value === undefined ? tree.name : make("button", { onclick: () => choose(value) }, tree.name);
  return make("li", { role: "treeitem" }, name, ` = ${tree.value}${tree.unit === "1" ? "" : ` [${tree.unit}]`} `, make("span", { class: "soft" }, [tree.how, tree.at].filter(Boolean).join("  ")),
    ...(tree.source ? [make("div", { class: "word soft" }, tree.source)] : []), ...(tree.without.length ? [make("div", { class: "soft" }, "whatever " + tree.without.join(", "))] : []),
    ...(tree.because.length || tree.more ? [make("ul", { class: "tree", role: "group" }, ...tree.because.map(branch), ...(tree.more ? [make("li", { class: "soft" }, `… ${tree.more} more, shown above or too deep`)] : []))] : []));
}

// --- plots: one a value, with one cursor; a long run is drawn by the least and the greatest of each stretch ---------------

const drawn = new Map(), inks = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

async function plots() {
  const wanted = state.plots.slice();
  for (const [k, { box, plot }] of drawn) if (!wanted.includes(k)) { plot?.destroy(); box.remove(); drawn.delete(k); }
  for (const k of wanted) {
    if (drawn.has(k)) continue;
    const value = contents.values[k], held = await column(k);
    const box = make("div", { class: "plot", role: "group", "aria-label": `plot of ${value.name}` }, make("h3", {}, value.name + withUnit(value), make("button", { "aria-label": "remove " + value.name, onclick: () => toggle(k) }, "×")));
    byId("plots").append(box);
    drawn.set(k, { box, plot: held.same === undefined ? chart(box, value, held, drawn.size) : null });
    if (held.same !== undefined) box.append(make("p", { class: "soft" }, `${shown(value, held.same)} on every bar`));
  }
  point();
}

function chart(box, value, held, place) {
  const ink = inks[place % inks.length], path = { stroke: ink, width: 1, points: { show: false }, spanGaps: false };
  const whole = held.low === undefined, count = whole ? contents.bars : held.low.length;
  const x = Float64Array.from({ length: count }, (_, k) => (whole ? k : Math.floor((k * contents.bars) / count)));
  const y = whole ? [Float64Array.from(held.exact[0], (word) => asNumber(value, word))] : [held.high, held.low];
  const members = value.members && Object.fromEntries(Object.entries(value.members));
  const css = getComputedStyle(document.documentElement);
  const axis = { stroke: css.getPropertyValue("--ink").trim(), grid: { stroke: css.getPropertyValue("--line").trim() } };
  const options = {
    width: byId("plots").clientWidth || 600, height: 150, legend: { show: false }, cursor: { sync: { key: "bars" }, points: { show: false } },
    scales: { x: { time: false } }, axes: [axis, { ...axis, size: 70, values: members && ((_, ticks) => ticks.map((tick) => members[tick] ?? "")) }],
    series: [{}, ...y.map(() => ({ ...path, paths: uPlot.paths.stepped({ align: 1 }) }))], bands: whole ? [] : [{ series: [1, 2], fill: ink + "40" }],
    hooks: {
      draw: [(plot) => {
        const left = plot.valToPos(state.bar, "x", true);
        plot.ctx.fillStyle = css.getPropertyValue("--mark").trim();
        if (left >= plot.bbox.left && left <= plot.bbox.left + plot.bbox.width) plot.ctx.fillRect(left, plot.bbox.top, 2, plot.bbox.height);
      }],
    },
  };
  const plot = new uPlot(options, [x, ...y], box);
  plot.over.addEventListener("click", () => { if (plot.cursor.left >= 0) go(Math.round(plot.posToVal(plot.cursor.left, "x"))); });
  return plot;
}
function point() { for (const { plot } of drawn.values()) plot?.redraw(false); }
addEventListener("resize", () => { for (const { plot } of drawn.values()) plot?.setSize({ width: byId("plots").clientWidth, height: 150 }); });

// --- the bar --------------------------------------------------------------------------------------------------------------

const status = indexOf.get("status") ?? indexOf.get("output:status");
async function standing() {
  const bar = state.bar, held = status === undefined ? null : await column(status);
  if (bar !== state.bar) return;
  const word = held && wordAt(held, bar), is = word !== null && word !== 0n;
  byId("standing").className = is ? "rejected" : "";
  byId("standing").textContent = word === null ? "between the exact bars of this page" : is ? "rejected: outputs are the declared safe values" : "accepted";
}

function look() {
  byId("bar").value = byId("slider").value = state.bar;
  remember(); label(); fill(); about(); standing(); point();
}
function go(bar) { state.bar = clamped(bar); look(); }

const hits = [...new Set(contents.hits.flatMap((each) => each.bars))].sort((a, b) => a - b);
const jump = (way) => {
  const found = way > 0 ? hits.find((bar) => bar > state.bar) : hits.findLast((bar) => bar < state.bar);
  if (found !== undefined) go(found);
};
byId("bar").max = byId("slider").max = contents.bars - 1;
byId("of").textContent = ` of ${contents.bars.toLocaleString("en")}`;
byId("bar").addEventListener("change", () => go(Number(byId("bar").value)));
byId("slider").addEventListener("input", () => go(Number(byId("slider").value)));
byId("back").addEventListener("click", (event) => go(state.bar - (event.shiftKey ? 100 : 1)));
byId("on").addEventListener("click", (event) => go(state.bar + (event.shiftKey ? 100 : 1)));
addEventListener("keydown", (event) => {
  if (event.target.matches("input") && event.key !== "Escape") return;
  const step = event.shiftKey ? 100 : 1, at = listed.indexOf(state.value);
  const keys = {
    ArrowLeft: () => go(state.bar - step), ArrowRight: () => go(state.bar + step), "[": () => jump(-1), "]": () => jump(1),
    j: () => choose(listed[Math.min(at + 1, listed.length - 1)] ?? state.value), k: () => choose(listed[Math.max(at - 1, 0)] ?? state.value),
    "/": () => byId("search").focus(), Escape: () => { byId("search").value = ""; byId("search").blur(); state.lane = null; rows(); fill(); },
  };
  if (keys[event.key] && !event.ctrlKey && !event.metaKey) { event.preventDefault(); keys[event.key](); }
});

const jumpTo = (bar, text = bar.toLocaleString("en")) => make("button", { onclick: () => go(bar) }, text);
byId("marks").append(make("div", { class: "marks" }, ...contents.marks.map((mark) => jumpTo(mark.bar))),
  ...contents.rejected.map((text) => make("p", { class: "warn" }, "rejected " + text)),
  ...contents.hits.map((each) => make("div", {}, make("h3", {}, make("code", {}, each.condition), ` on ${each.count.toLocaleString("en")} bars  ( [ and ] )`),
    make("div", { class: "marks" }, ...each.bars.slice(0, 40).map((bar) => jumpTo(bar)), ...(each.count > 40 ? ["…"] : [])))));
byId("claims").append(make("p", { class: "soft" }, `${contents.name} ${contents.graph}`, ...(contents.data ? [`, over ${contents.data}`] : [])),
  make("details", {}, make("summary", {}, `${contents.params.length} parameters`), make("dl", {}, ...contents.params.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, make("code", {}, text))]))),
  contents.claims.length ? make("ol", {}, ...contents.claims.map((claim) => make("li", {}, claim))) : make("p", {}, "A lane that was run without a bundle: nothing is certified."));

// --- another run beside this one: the frontier first, then what followed; each leads to its first bar ----------------------

function parted({ frontier, followed, count, bars, unmatched, gone, new: born, defect }) {
  const lead = (each) => {
    const value = indexOf.get(each.value);
    return value === undefined ? each.name : make("button", { onclick: () => { state.bar = clamped(each.first); choose(value); } }, each.name);
  };
  const change = (each) => make("code", {}, `${each.was} → ${each.became}`);
  const told = [];
  if (unmatched) told.push(make("p", { class: "warn" }, `${unmatched.toLocaleString("en")} bars are in one run only`));
  if (defect) told.push(make("p", { class: "warn" }, "Equal programs on equal values computed different words: a defect of dagc."));
  told.push(make("p", {}, frontier.length ? `They part at bar ${frontier[0].first.toLocaleString("en")}, where these differ and all that they are made of agrees:`
    : `Every value that both name is the same on ${bars.toLocaleString("en")} bars.`));
  told.push(make("ul", {}, ...frontier.map((each) => make("li", {}, lead(each), " ", change(each), make("span", { class: "soft" }, ` ${each.cause}  ${each.at}`),
    ...(each.edit ? [make("pre", {}, `was  ${each.edit[0]}\nis   ${each.edit[1]}`)] : [])))));
  if (followed.length) {
    told.push(make("h3", {}, `${count.toLocaleString("en")} values followed`), make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "What followed" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["value", "first bar", "bars", "there"].map((title) => make("th", { scope: "col" }, title)))),
      make("tbody", {}, ...followed.map((each) => make("tr", {}, make("td", {}, lead(each)), make("td", { class: "number" }, each.first.toLocaleString("en")),
        make("td", { class: "number" }, each.bars.toLocaleString("en")), make("td", {}, change(each))))))));
    if (count > followed.length) told.push(make("p", { class: "soft" }, `… ${(count - followed.length).toLocaleString("en")} more: dagc diff lists them`));
  }
  for (const [what, names] of [["only in the other run", gone], ["only in this run", born]]) if (names.length) told.push(make("p", {}, `${what}: ${names.join(", ")}`));
  return told;
}
if (contents.parted) { byId("parted").hidden = false; byId("differs").append(...parted(contents.parted)); }

const panes = [...document.querySelectorAll("main > section:not([hidden])")];
const show = (pane) => { for (const each of panes) each.classList.toggle("shown", each === pane); for (const [k, tab] of [...byId("tabs").children].entries()) tab.setAttribute("aria-pressed", panes[k] === pane); for (const { plot } of drawn.values()) plot?.setSize({ width: byId("plots").clientWidth || 300, height: 150 }); };
byId("tabs").append(...panes.map((pane) => make("button", { onclick: () => show(pane) }, pane.querySelector("h2").textContent)));
show(panes[1]);
rows(); look(); plots();
