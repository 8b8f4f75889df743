// What the product form does beyond sending itself: uploads with progress, dragging photos into order,
// and a word of warning before something typed is lost. Everything else works without it.

const form = document.getElementById("product-form");
const AT_ONCE = 2;
let typed = 0;
let kept = 0;
let isLeaving = false;

form.addEventListener("input", () => { typed += 1; });
form.addEventListener("submit", () => { isLeaving = true; });
window.addEventListener("pageshow", () => { isLeaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (typed > kept || sending > 0 || waiting.length)) event.preventDefault();
});

// A preview opens in another window and leaves this one.
document.getElementById("preview").addEventListener("click", () => { setTimeout(() => { isLeaving = false; }); });

const keeps = (event) => event.detail.requestConfig?.path.startsWith(form.getAttribute("hx-post"));
form.addEventListener("htmx:beforeSend", (event) => { event.detail.xhr.typed = typed; });
form.addEventListener("htmx:afterRequest", (event) => {
  if (keeps(event) && event.detail.successful && !document.querySelector("#kept [role=alert]")) kept = event.detail.xhr.typed;
});
const complain = (event) => {
  if (!keeps(event)) return;
  const isSignedOut = event.detail.xhr?.status === 401;
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

// Photos: each is sent on its own, and comes back as a row of the form.
const waiting = [];
let sending = 0;

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
    waiting.push({ file, row, progress });
  }
  sendNext();
};

const sendNext = () => {
  while (sending < AT_ONCE && waiting.length) send(waiting.shift());
};

const send = ({ file, row, progress }) => {
  sending += 1;
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
    sending -= 1;
    if (request.status === 201) accept(request.responseText, row);
    else refuse(request.status === 422 ? request.responseText : "This photo was not sent. Please try again.", row);
    sendNext();
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

document.addEventListener("htmx:afterSettle", makeAllDraggable);
makeAllDraggable();
document.querySelector("#conflict, #problems")?.focus();
