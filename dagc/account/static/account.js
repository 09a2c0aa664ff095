"use strict";
const run = JSON.parse(document.getElementById("contents").textContent);
const PAGE = 100;
const words = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const number = (value) => (typeof value === "string" ? words[value] : value);
const $ = (id) => document.getElementById(id);
const digits = (value, places) => number(value).toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
const FORMS = {
  money: (value) => `${digits(value, 2)} ${run.unit}`,
  share: (value) => `${digits(100 * number(value), 2)} %`,
  ratio: (value) => digits(value, 3),
  count: (value) => digits(value, 0),
  bar: (value) => digits(value, 0),
};

const rejected = run.rejected.length ? `; rejected: ${run.rejected.join("; ")}` : "";
$("standing").textContent = `${digits(run.bars, 0)} bars of ${run.data}, graph ${run.graph.slice(0, 16)}${rejected}`;
for (const [name, value, form] of run.summary) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const said = document.createElement("dd");
  term.textContent = name;
  said.textContent = FORMS[form](value);
  said.title = String(value);
  row.append(term, said);
  document.querySelector("#summary dl").append(row);
}

const plots = [];
const cursor = uPlot.sync("account");
function draw(id, curve, form) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--mark").trim();
  const soft = style.getPropertyValue("--soft").trim();
  const axis = { stroke: soft, grid: { stroke: `${soft}33` }, ticks: { stroke: `${soft}33` } };
  const x = curve.last.map((_, at) => at * curve.stretch);
  const shown = (_, value) => (value == null ? "" : FORMS[form](value));
  const whole = curve.stretch === 1;
  const series = whole ? [{ label: id, stroke: ink, value: shown }]
    : ["least", "greatest", "last"].map((label) => ({ label, stroke: ink, width: label === "last" ? 1 : 0, value: shown }));
  const y = whole ? [curve.last.map(number)] : [curve.low, curve.high, curve.last].map((each) => each.map(number));
  const box = $(id);
  const options = {
    width: box.clientWidth, height: 220, cursor: { sync: { key: cursor.key } }, scales: { x: { time: false } },
    axes: [{ ...axis, label: "bar" }, { ...axis, size: 80 }], series: [{ label: "bar" }, ...series],
    bands: whole ? [] : [{ series: [1, 2], fill: `${ink}40` }],
  };
  const plot = new uPlot(options, [x, ...y], box);
  plots.push([plot, box]);
}
draw("equity", run.equity, "money");
draw("drawdown", run.drawdown, "share");
window.addEventListener("resize", () => plots.forEach(([plot, box]) => plot.setSize({ width: box.clientWidth, height: 220 })));

const numbered = run.trades.map((trade, at) => [at + 1, ...trade]);
const ORDERS = { bar: (a, b) => a[0] - b[0], best: (a, b) => number(b[2]) - number(a[2]), worst: (a, b) => number(a[2]) - number(b[2]) };
let first = 0;
function list() {
  const sorted = [...numbered].sort(ORDERS[$("order").value]);
  const rows = sorted.slice(first, first + PAGE).map((trade) => {
    const row = document.createElement("tr");
    trade.forEach((value, at) => {
      const cell = document.createElement("td");
      cell.className = at === 2 && number(value) < 0 ? "number loss" : "number";
      cell.textContent = at < 2 ? digits(value, 0) : FORMS.money(value);
      cell.title = String(value);
      row.append(cell);
    });
    return row;
  });
  document.querySelector("#trades tbody").replaceChildren(...rows);
  $("page").textContent = numbered.length ? `${first + 1} to ${Math.min(first + PAGE, numbered.length)} of ${digits(numbered.length, 0)}` : "no trade was closed";
  $("back").disabled = first === 0;
  $("on").disabled = first + PAGE >= numbered.length;
}
$("back").addEventListener("click", () => { first -= PAGE; list(); });
$("on").addEventListener("click", () => { first += PAGE; list(); });
$("order").addEventListener("change", () => { first = 0; list(); });
list();
