// Comfort only: every page works without this file.
"use strict";

const pane = () => document.getElementById("case-pane");
const rows = () => Array.from(document.querySelectorAll(".queue tbody a"));
const help = () => document.getElementById("keys-help");

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

function step(by) {
  const links = rows();
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const current = here >= 0 ? here : links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = Math.min(Math.max(current + by, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (help()?.open) return;
  const search = document.querySelector("[role=search] input[type=search]");
  if (event.key === "j" && rows().length) step(1);
  else if (event.key === "k" && rows().length) step(-1);
  else if (event.key === "/" && search) search.focus();
  else if (event.key === "?" && help()) help().showModal();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens-help]")) help()?.showModal();
});

// A principle's quote: one open at a time, closed by Escape or by looking elsewhere.
function closePrinciples(except) {
  document.querySelectorAll("details.principle[open]").forEach((open) => {
    if (open !== except) open.removeAttribute("open");
  });
}
document.addEventListener("click", (event) => closePrinciples(event.target.closest("details.principle")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePrinciples(null);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== pane()) return;
  document.querySelector(".queue-page").classList.add("has-case");
  rows().forEach((link) => {
    if (link.pathname === window.location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  pane().scrollTop = 0;
  const heading = document.getElementById("case-heading");
  heading?.focus({ preventScroll: true });
  if (heading) document.title = `${heading.dataset.title} · Sargs`;
});

// A session that has ended or a record that is gone answers with a whole page: go there instead of into the pane.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || window.location.href);
  if (!answered.pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  window.location.reload();
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target === pane()) window.location.assign(event.detail.pathInfo.requestPath);
});

document.querySelectorAll("[data-needs-script]").forEach((element) => element.removeAttribute("hidden"));
document.querySelector(".note[tabindex]")?.focus();
