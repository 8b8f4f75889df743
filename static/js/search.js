// The search field as a combobox: htmx fetches suggestions, the arrow keys choose among them.
(() => {
  const field = document.getElementById("search");
  const list = document.getElementById("suggestions");
  const count = document.getElementById("suggestions-count");
  if (!field || !list) return;
  const RECENT = "recent-searches";
  const KEPT = 5;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const show = (isShown) => {
    list.hidden = !isShown;
    field.setAttribute("aria-expanded", String(isShown));
    if (!isShown) choose(null);
  };

  const choose = (option) => {
    chosen()?.removeAttribute("aria-selected");
    if (option) {
      option.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };

  const offer = () => {
    const found = options().length;
    show(found > 0);
    count.textContent = found === 1 ? "1 suggestion" : found ? `${found} suggestions` : "No suggestions";
  };

  // Recent searches stay in this browser; where it keeps nothing, there are none.
  const recent = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT));
      return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, KEPT) : [];
    } catch {
      return [];
    }
  };

  const remember = (text) => {
    try {
      localStorage.setItem(RECENT, JSON.stringify([text, ...recent().filter((other) => other !== text)].slice(0, KEPT)));
    } catch {
      // Private windows may refuse.
    }
  };

  const offerRecent = () => {
    const group = document.createElement("ul");
    group.className = "suggestions__group";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Recent searches");
    recent().forEach((text, number) => {
      const option = document.createElement("li");
      option.id = `recent-${number}`;
      option.className = "suggestion";
      option.setAttribute("role", "option");
      option.dataset.href = `${field.form.action}?${new URLSearchParams({ q: text })}`;
      option.textContent = text;
      group.append(option);
    });
    list.replaceChildren(group);
    offer();
  };

  const follow = (option) => window.location.assign(option.dataset.href);

  field.addEventListener("htmx:beforeRequest", (event) => {
    if (field.value.trim().length < 2) {
      event.preventDefault();
      show(false);
    }
  });
  list.addEventListener("htmx:afterSwap", () => document.activeElement === field && offer());
  field.addEventListener("focus", () => field.value === "" && recent().length && offerRecent());
  field.addEventListener("blur", () => show(false));
  // Before the field loses the focus, and the list with it.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) follow(option);
  });
  field.form.addEventListener("submit", () => field.value.trim() && remember(field.value.trim()));

  field.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      follow(all[at]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      // One place beside the ends is the field itself.
      const next = (at + 1 + (event.key === "ArrowDown" ? 1 : all.length)) % (all.length + 1);
      choose(next ? all[next - 1] : null);
    }
  });
})();
