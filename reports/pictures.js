// Search, tier and trust state, zoom. Without it pictures and tables are whole.
"use strict";
(() => {
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  for (const tools of all(document, ".tools")) {
    tools.hidden = false;
    const sheet = document.getElementById(tools.dataset.sheet);
    const svg = sheet.querySelector("svg");
    const width = Number(svg.getAttribute("width"));
    const height = Number(svg.getAttribute("height"));
    let scale = 1;
    const zoom = (to) => {
      const middle = (sheet.scrollLeft + sheet.clientWidth / 2) / (width * scale);
      scale = Math.min(4, Math.max(0.05, to));
      svg.setAttribute("width", String(Math.round(width * scale)));
      svg.setAttribute("height", String(Math.round(height * scale)));
      sheet.scrollLeft = middle * width * scale - sheet.clientWidth / 2;
    };
    tools.querySelector("[data-zoom=in]").addEventListener("click", () => zoom(scale * 1.25));
    tools.querySelector("[data-zoom=out]").addEventListener("click", () => zoom(scale / 1.25));
    tools.querySelector("[data-zoom=whole]").addEventListener("click", () => zoom((sheet.clientWidth - 2) / width));
    tools.querySelector("[data-zoom=one]").addEventListener("click", () => zoom(1));

    const search = tools.querySelector("[type=search]");
    if (!search) continue;
    const tier = tools.querySelector("[data-by=tier]");
    const state = tools.querySelector("[data-by=state]");
    const shown = tools.querySelector("[role=status]");
    const boxes = all(sheet, ".box");
    const edges = all(sheet, ".edge");
    const rows = new Map(all(document, "#graph-rows tr").map((row) => [row.dataset.node, row]));
    const texts = new Map(Array.from(rows, ([node, row]) => [node, `${row.cells[0].textContent} ${row.cells[4].textContent}`.toLowerCase()]));
    const update = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const open = new Set();
      for (const box of boxes) {
        const node = box.dataset.node;
        const fits = (!tier.value || box.dataset.tier === tier.value)
          && (!state.value || box.dataset.state === state.value)
          && words.every((word) => texts.get(node).includes(word));
        if (fits) open.add(node);
        box.classList.toggle("faint", !fits);
        rows.get(node).hidden = !fits;
      }
      for (const edge of edges) {
        edge.classList.toggle("faint", !open.has(edge.dataset.from) || !open.has(edge.dataset.to));
      }
      shown.textContent = shown.dataset.text.replace("{shown}", String(open.size)).replace("{all}", String(boxes.length));
    };
    for (const field of [search, tier, state]) field.addEventListener("input", update);
    tools.addEventListener("reset", () => setTimeout(update));
    update();

    // What a node is tied to stands out while it has the pointer or the focus.
    const near = (box, on) => {
      for (const edge of edges) {
        if (edge.dataset.from === box.dataset.node || edge.dataset.to === box.dataset.node) edge.classList.toggle("near", on);
      }
    };
    for (const box of boxes) {
      const link = box.closest("a");
      for (const [event, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]]) {
        link.addEventListener(event, () => near(box, on));
      }
    }
  }
})();
