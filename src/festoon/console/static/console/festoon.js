// What pages of the console need beyond HTML: dialogs, the drawer, the language, charts. Nothing here is inline, and
// every page works without it except for dialogs.
"use strict";

document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-opens],[data-closes],[data-dismisses],[data-drawer],[data-copies]");
  if (!from) return;
  if (from.dataset.opens) document.getElementById(from.dataset.opens).showModal();
  else if ("closes" in from.dataset) from.closest("dialog").close();
  else if ("dismisses" in from.dataset) from.closest(".flash").remove();
  else if (from.dataset.drawer) {
    const open = document.getElementById(from.dataset.drawer).toggleAttribute("data-open");
    from.setAttribute("aria-expanded", String(open));
  } else if (from.dataset.copies) {
    navigator.clipboard?.writeText(document.getElementById(from.dataset.copies).textContent.trim());
    from.setAttribute("data-copied", "");
  }
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("nav[data-open]")) {
    open.removeAttribute("data-open");
    const button = document.querySelector(`[data-drawer="${open.id}"]`);
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
  for (const menu of document.querySelectorAll("details.who[open]")) menu.removeAttribute("open");
});

// A double click is one press: when its first half has brought the next page, its second would fall on what stands in the
// same place there, the verdict on the next photo perhaps.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("a, button[type=submit], button:not([type])")) event.preventDefault();
}, true);

// A form that was sent is not sent twice by a second press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// <canvas data-chart="id"> with the chart's specification in <script type="application/json" id="id">.
function drawCharts(root) {
  if (!window.Chart) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  Chart.defaults.color = colour("--ink-2");
  Chart.defaults.borderColor = colour("--line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of root.querySelectorAll("canvas[data-chart]")) {
    const spec = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    for (const set of spec.data.datasets) {
      for (const part of ["borderColor", "backgroundColor"]) {
        if (typeof set[part] === "string" && set[part].startsWith("--")) set[part] = colour(set[part]);
      }
    }
    spec.options = { maintainAspectRatio: false, animation: still ? false : undefined, ...spec.options };
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, spec);
  }
}
// A page that fetches itself for days must not keep the charts it has replaced.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!window.Chart || !event.detail.shouldSwap) return;
  for (const canvas of event.detail.target.querySelectorAll("canvas[data-chart]")) Chart.getChart(canvas)?.destroy();
});
document.addEventListener("DOMContentLoaded", () => drawCharts(document));
document.addEventListener("htmx:afterSwap", (event) => drawCharts(event.detail.target));

// A navigation that is too long, and a row of tabs that is too wide, show where one is.
for (const row of document.querySelectorAll(".side-sections, .tabs")) {
  const here = row.querySelector("[aria-current]");
  if (!here) continue;
  const box = row.getBoundingClientRect(), place = here.getBoundingClientRect();
  if (place.bottom > box.bottom) row.scrollTop += place.top - box.top - box.height / 2;
  if (place.right > box.right) row.scrollLeft += place.left - box.left - (box.width - place.width) / 2;
}
