// Choose all products that are shown, and keep the box right when the list changes.

document.addEventListener("change", (event) => {
  const boxes = [...document.querySelectorAll(".ware__choose")];
  const all = document.getElementById("choose-all");
  if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
  else if (event.target.matches(".ware__choose")) all.checked = boxes.every((box) => box.checked);
});
