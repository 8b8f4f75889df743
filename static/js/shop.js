// What links and forms cannot do by themselves; everything works without it.

// Keep the filter panel open or closed while htmx replaces the list around it.
document.addEventListener("htmx:beforeSwap", () => {
  const fold = document.getElementById("filters-fold");
  if (fold) sessionStorage.setItem("filters-open", fold.open);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const fold = document.getElementById("filters-fold");
  if (fold && event.detail.target?.id === "listing") fold.open = sessionStorage.getItem("filters-open") === "true";
  // Where the link that was followed is gone, the reader goes on at the place it names.
  const place = event.detail.requestConfig?.elt?.dataset?.focus;
  if (place) document.querySelector(place)?.focus();
});

const OPEN_MENU = ".menu[open], .account-menu__fold[open]";

// A menu closes when the visitor turns to something else.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(OPEN_MENU);
  if (menu && event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN_MENU)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Shared pages hold nothing personal; a readable cookie says that there is something to fetch.
const fetchPersonal = () => {
  const marker = document.cookie.match(/(?:^|; )marker=(\w+)/)?.[1];
  if (marker) htmx.trigger("#account-menu", "marked");
  // Only shared pages have a panel.
  if (marker === "staff" && document.getElementById("staff-panel")) htmx.trigger("#staff-panel", "marked-staff");
};
document.addEventListener("DOMContentLoaded", fetchPersonal);
document.addEventListener("htmx:historyRestore", fetchPersonal);

// Who signs in in another window gets another token, and the forms of this one are sent with it.
window.addEventListener("focus", () => {
  // In production the cookie's name has a prefix that keeps other hosts from setting it.
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=(\w+)/)?.[1];
  if (token) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
});

// The counts of the filters come a moment after the list: not over what was typed or ticked meanwhile.
const isTouched = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "facets" && [...target.querySelectorAll("input")].some(isTouched)) event.detail.shouldSwap = false;
});

// A form whose answer does not come says so, and keeps what was typed. The draft's own says it in its place.
// So does a list that is not put together now.
const sayNotSent = ({ detail: { elt, target, xhr } }) => {
  const isBusy = xhr?.status === 429 && target?.id === "listing";
  if (!isBusy && !elt.matches("[hx-post]:not(#keep)")) return;
  const isSignedOut = [401, 403].includes(xhr?.status);
  const line = document.createElement("p");
  line.className = "error not-sent";
  line.role = "alert";
  line.textContent = isBusy
    ? "Very many lists are being put together right now. Please try again in a few seconds."
    : isSignedOut
    ? "Not sent: you are signed out. Sign in again in another window, and send this once more; it stays here."
    : "Not sent: the shop does not answer. Please send this once more; it stays here.";
  document.querySelectorAll(".not-sent").forEach((old) => old.remove());
  elt[elt.matches("form") ? "append" : "after"](line);
};
document.addEventListener("htmx:responseError", sayNotSent);
document.addEventListener("htmx:sendError", sayNotSent);
document.addEventListener("htmx:afterOnLoad", ({ detail: { successful } }) => {
  if (successful) document.querySelectorAll(".not-sent").forEach((old) => old.remove());
});
