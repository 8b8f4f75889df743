// What is the visitor's own about the reviews of a shared page: their review, and their votes.
const isMarked = () => /(?:^|; )marker=/.test(document.cookie);

const fetchVotes = () => {
  const list = isMarked() && document.querySelector("[data-votes]:not([data-asked])");
  if (!list) return;
  list.dataset.asked = "";
  htmx.ajax("GET", list.dataset.votes, { source: list, swap: "none" });
};

const fetchOwn = () => {
  if (isMarked() && document.getElementById("my-review")) htmx.trigger("#my-review", "marked");
  fetchVotes();
};

document.addEventListener("DOMContentLoaded", fetchOwn);
document.addEventListener("htmx:historyRestore", fetchOwn);
document.addEventListener("htmx:afterSettle", fetchVotes);
