// Keys of the review desk. Each control says its own key in data-key; this only presses it.
"use strict";
(() => {
  const cases = () => [...document.querySelectorAll("[data-case]")];
  const typing = (target) => target.matches("input, select, textarea");
  let current = null;

  function mark(one) {
    document.querySelectorAll("[data-case].current").forEach((old) => old.classList.remove("current"));
    one.classList.add("current");
    current = one;
  }

  function choose(one) {
    if (!one) return;
    mark(one);
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cases();
    const at = all.indexOf(current);
    choose(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  function press(key) {
    const own = current && current.querySelector(`[data-key="${key}"]`);
    const control = own || [...document.querySelectorAll(`[data-decided] [data-key="${key}"], .pages [data-key="${key}"]`)].pop();
    if (!control) return false;
    control.click();
    if (key === "e") {
      const field = control.closest("details").querySelector("input:not([type=hidden]), select");
      if (field) field.focus();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") choose(event.target.closest("[data-case]"));
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j" || key === "arrowdown") step(1);
    else if (key === "k" || key === "arrowup") step(-1);
    else if (!/^[a-z0-9]$/.test(key) || !press(key)) return;
    event.preventDefault();
  });
  // Only marked: what moved now would slip from under the pointer, or lose the focus just given.
  document.addEventListener("focusin", (event) => {
    const one = event.target.closest("[data-case]");
    if (one && one !== current) mark(one);
  });
  // What was decided makes room for what comes next; what comes back is looked at again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const old = event.detail.target.closest("[data-case]");
    if (old) old.dataset.place = cases().indexOf(old);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const fresh = event.detail.elt;
    if (fresh.matches && fresh.matches("[data-case]")) return choose(fresh);
    const after = cases().find((one) => fresh.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    choose(after || cases()[0]);
  });
  choose(cases()[0]);
})();
