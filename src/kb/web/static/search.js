// Drawing a range over the bars of the chart fills in the days below it and asks for them.
// Without this, the days can be typed and each bar is a link.
"use strict";
(() => {
  let first = null, moved = false, chart = null;
  const columnAt = (event) =>
    document.elementsFromPoint(event.clientX, event.clientY)
      .map((one) => one.closest(".column[data-from]"))
      .find((one) => one && chart.contains(one)) || null;

  function mark(last) {
    const all = [...chart.querySelectorAll(".column[data-from]")];
    const [a, b] = [all.indexOf(first), all.indexOf(last)].sort((x, y) => x - y);
    all.forEach((one, place) => one.classList.toggle("chosen", place >= a && place <= b));
    return [all[a], all[b]];
  }

  document.addEventListener("pointerdown", (event) => {
    chart = event.target.closest && event.target.closest("svg[data-choose]");
    if (!chart || event.button !== 0 || event.pointerType === "touch") { chart = null; return; }
    first = columnAt(event);
    moved = false;
  });
  // A link that is dragged would be carried away instead.
  document.addEventListener("dragstart", (event) => { if (chart) event.preventDefault(); });
  document.addEventListener("pointermove", (event) => {
    const column = chart && first && columnAt(event);
    if (!column || (column === first && !moved)) return;
    moved = true;
    mark(column);
  });
  document.addEventListener("pointerup", (event) => {
    const column = chart && first && moved && columnAt(event);
    if (column) {
      const [from, to] = mark(column);
      const form = document.getElementById(chart.dataset.choose);
      form.elements.from.value = from.dataset.from;
      form.elements.to.value = to.dataset.to;
      form.requestSubmit();
    } else if (chart) {
      chart.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
    }
    first = chart = null;
  });
  document.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, true);
})();
