// Filter, search, fold, copy, deep links. Without it the report is whole, only longer to read.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  // Deep links: unfold whatever holds the target.
  const unfoldTo = (target) => {
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
  };
  // What is laid out only when it comes into view moves the target: go there until it stays.
  const settle = (target, times) => requestAnimationFrame(() => {
    target.scrollIntoView({ block: "start" });
    if (times > 1) settle(target, times - 1);
  });
  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.hidden && form) form.reset();
    unfoldTo(target);
    settle(target, 10);
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) follow();
  });

  // Print: unfold all, and fold again what was folded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all(document, "details:not([open])");
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });

  if (form) {
    const groups = all(document, ".group").map((element) => ({
      element,
      id: element.id,
      component: element.dataset.component,
      title: element.querySelector("summary").textContent.toLowerCase(),
      tally: element.querySelector(".shown"),
      whole: element.querySelector(".shown").textContent,
      size: Number(element.dataset.size),
      findings: all(element, "[data-outcome]").map((row) => ({
        element: row,
        outcome: row.dataset.outcome,
        count: Number(row.dataset.count),
        subjects: row.dataset.subjects.split(" "),
        text: null,
        places: null,
      })),
    }));
    const total = groups.reduce((sum, group) => sum + group.size, 0);
    const field = (name) => document.getElementById("filter-" + name);
    const [search, component, requirement, subject, shown] = ["search", "component", "requirement", "subject", "shown"].map(field);
    const textOf = (finding) => (finding.text ??= finding.element.textContent.toLowerCase());

    const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, form.dataset.thousands);

    // A folded finding has many places: one credential's are shown alone while it is asked for.
    const placesOf = (finding) => (finding.places ??= {
      each: all(finding.element, "[data-subject]"),
      list: finding.element.querySelector(".places"),
      elsewhere: finding.element.querySelector(".elsewhere"),
    });
    const narrow = (finding, wanted) => {
      if (!wanted && !finding.places) return;
      const { each, list, elsewhere } = placesOf(finding);
      for (const place of each) place.hidden = Boolean(wanted) && place.dataset.subject !== wanted;
      const away = each.length > 0 && each[0].hidden;
      if (elsewhere) elsewhere.hidden = !away;
      if (list && wanted) {
        list.hidden = each.slice(1).every((place) => place.hidden);
        list.open = !list.hidden;
      } else if (list) {
        list.hidden = list.open = false;
      }
    };

    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const outcomes = new Set(all(form, "[name=outcome]:checked").map((box) => box.value));
      let found = 0;
      for (const group of groups) {
        let here = 0;
        const asked = (!component.value || group.component === component.value)
          && (!requirement.value || group.id === requirement.value);
        const rest = words.filter((word) => !group.title.includes(word));
        for (const finding of group.findings) {
          const count = subject.value ? finding.subjects.filter((one) => one === subject.value).length : finding.count;
          const match = asked && count > 0 && outcomes.has(finding.outcome)
            && rest.every((word) => textOf(finding).includes(word));
          if (finding.element.hidden === match) finding.element.hidden = !match;
          if (match) {
            here += count;
            narrow(finding, subject.value);
          }
        }
        if (group.element.hidden !== !here) group.element.hidden = !here;
        const tally = here === group.size ? group.whole : `${number(here)} ${group.tally.dataset.of} ${group.whole}`;
        if (group.tally.textContent !== tally) group.tally.textContent = tally;
        found += here;
      }
      shown.textContent = form.dataset.shown
        .replace("{shown}", number(found)).replace("{all}", number(total));
      document.getElementById("no-match").hidden = found > 0;
    };
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
    form.addEventListener("input", soon);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
      groups.find((group) => !group.element.hidden)?.element.querySelector("summary").focus();
    });
    field("unfold").addEventListener("click", () => {
      for (const group of groups) if (!group.element.hidden) group.element.open = true;
    });
    field("fold").addEventListener("click", () => {
      for (const group of groups) group.element.open = false;
    });
    form.hidden = false;
    apply();

    // A button beside each command, made when its group is unfolded.
    const offerCopy = (root) => {
      if (!navigator.clipboard || root.dataset.copy) return;
      root.dataset.copy = "offered";
      for (const command of all(root, ".command")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "copy";
        button.textContent = form.dataset.copy;
        button.setAttribute("aria-label", `${form.dataset.copy}: ${command.textContent}`);
        button.addEventListener("click", async () => {
          await navigator.clipboard.writeText(command.textContent);
          button.textContent = form.dataset.copied;
          setTimeout(() => { button.textContent = form.dataset.copy; }, 2000);
        });
        command.after(button);
      }
    };
    for (const group of groups) {
      group.element.addEventListener("toggle", () => { if (group.element.open) offerCopy(group.element); });
      if (group.element.open) offerCopy(group.element);
    }
  }
  follow();
})();
