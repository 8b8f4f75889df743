// What the product form does beyond sending itself: uploads with progress, dragging photos into order,
// and a word of warning before something typed is lost. Everything else works without it.

const form = document.getElementById("product-form");
let typed = 0;
let kept = 0;
let isLeaving = false;
const sent = { by: null, at: -Infinity };

form.addEventListener("input", () => { typed += 1; });
form.addEventListener("submit", (event) => {
  // Of a double click, the first one was it; another button means something else.
  if (event.submitter === sent.by && event.timeStamp - sent.at < 2000) event.preventDefault();
  else Object.assign(sent, { by: event.submitter, at: event.timeStamp });
  isLeaving = true;
});
window.addEventListener("pageshow", () => { isLeaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (typed > kept || isSending)) event.preventDefault();
});

// A preview opens in another window and leaves this one.
document.getElementById("preview").addEventListener("click", () => { setTimeout(() => { isLeaving = false; }); });

const keeps = (event) => event.detail.pathInfo?.requestPath === document.getElementById("keep").getAttribute("hx-post");
form.addEventListener("htmx:beforeSend", (event) => { event.detail.xhr.typed = typed; });
form.addEventListener("htmx:afterRequest", (event) => {
  if (keeps(event) && event.detail.successful && !document.querySelector("#kept [role=alert]")) kept = event.detail.xhr.typed;
});
const complain = (event) => {
  if (!keeps(event)) return;
  const isSignedOut = [401, 403].includes(event.detail.xhr?.status);
  const line = document.createElement("p");
  line.className = "error";
  line.role = "alert";
  line.textContent = isSignedOut
    ? "Not kept: you are signed out. Sign in again in another window; what you typed stays here."
    : "Not kept: the shop does not answer. What you typed stays here.";
  document.getElementById("kept").querySelectorAll("p").forEach((old) => old.remove());
  document.getElementById("kept").append(line);
};
form.addEventListener("htmx:responseError", complain);
form.addEventListener("htmx:sendError", complain);

// Photos are sent one after the other, and come back as rows of the form.
const waiting = [];
let isSending = false;
const TRIES = 10;

const take = (files) => {
  for (const file of files) {
    const row = document.createElement("li");
    row.className = "upload";
    const name = document.createElement("span");
    name.textContent = file.name;
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", file.name);
    row.append(name, progress);
    document.getElementById("uploads").append(row);
    waiting.push({ file, row, progress, tries: 0 });
  }
  if (!isSending) sendNext();
};

const sendNext = () => {
  const next = waiting.shift();
  isSending = next !== undefined;
  if (isSending) send(next);
};

const send = (next) => {
  const { file, row, progress } = next;
  const request = new XMLHttpRequest();
  request.open("POST", document.getElementById("drop").dataset.uploadsTo);
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    // The last part is the shop's: it makes all sizes of the photo.
    if (event.loaded < event.total) progress.value = event.loaded / event.total;
    else progress.removeAttribute("value");
  });
  request.addEventListener("loadend", () => {
    if (request.status === 201) accept(request.responseText, row);
    else if (request.status === 503 && next.tries++ < TRIES) waiting.unshift(next);
    else refuse(request.status === 422 ? request.responseText : "This photo was not sent. Please try again.", row);
    // When many send pictures, the shop asks to wait for a moment.
    setTimeout(sendNext, request.status === 503 ? 2000 : 0);
  });
  const data = new FormData();
  data.append("pictures", file);
  request.send(data);
};

const accept = (html, row) => {
  row.remove();
  const list = document.getElementById("photo-list");
  list.insertAdjacentHTML("beforeend", html);
  htmx.process(list.lastElementChild);
  makeDraggable(list.lastElementChild);
  list.lastElementChild.querySelector(".field").focus({ preventScroll: true });
  changed();
};

const refuse = (text, row) => {
  row.classList.add("upload--failed");
  row.querySelector("progress").remove();
  const line = document.createElement("span");
  line.className = "error";
  line.textContent = text;
  row.append(line);
};

const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

form.addEventListener("change", (event) => {
  if (event.target.id !== "pictures") return;
  take(event.target.files);
  event.target.value = "";
});
form.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.getElementById("drop").classList.add("is-over");
});
form.addEventListener("dragleave", () => document.getElementById("drop").classList.remove("is-over"));
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  document.getElementById("drop").classList.remove("is-over");
  take(event.dataTransfer.files);
});

// Photos are dragged into order by their picture; the buttons below it do the same.
let dragged = null;

const makeDraggable = (photo) => { photo.draggable = true; };
const makeAllDraggable = () => document.querySelectorAll(".photo").forEach(makeDraggable);

form.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".photo");
  dragged?.classList.add("is-dragged");
});
form.addEventListener("dragover", (event) => {
  const over = event.target.closest(".photo");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const photos = [...over.parentElement.children];
  over[photos.indexOf(dragged) < photos.indexOf(over) ? "after" : "before"](dragged);
});
form.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  if (dragged) changed();
  dragged = null;
});

// What was named as an option is a column of the table at once.
form.addEventListener("change", (event) => {
  if (event.target.name?.startsWith("option_")) document.getElementById("show-options").click();
});

// A long menu of categories is searched by typing any part of a name.
const categories = document.getElementById("id_category");
const finder = document.createElement("input");

const narrow = () => {
  const words = finder.value.toLowerCase().split(/\s+/).filter(Boolean);
  const options = [...categories.options].filter((option) => option.value);
  options.forEach((option) => { option.hidden = !words.every((word) => option.text.toLowerCase().includes(word)); });
  categories.querySelectorAll("optgroup").forEach((group) => { group.hidden = !group.querySelector("option:not([hidden])"); });
  const found = options.filter((option) => !option.hidden);
  categories.size = words.length ? Math.min(8, Math.max(2, 2 * found.length)) : 0;
  if (words.length && found.length) categories.value = found[0].value;
};

if (categories.options.length > 12) {
  finder.type = "search";
  finder.className = "field finder";
  finder.placeholder = "Type to find one";
  finder.setAttribute("aria-label", "Find a category");
  categories.before(finder);
  finder.addEventListener("input", narrow);
  categories.addEventListener("change", () => { finder.value = ""; narrow(); });
  finder.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      categories.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

document.addEventListener("htmx:afterSettle", makeAllDraggable);
makeAllDraggable();
document.querySelector("#conflict, #problems")?.focus();
