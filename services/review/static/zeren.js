// The known-time slider, and proof that opens when a link leads to it. Pages work without this file.
"use strict";

// One notch of the slider is one moment at which something was learned; it only fills the field beside it.
function connectSlider(control) {
  const field = document.getElementById(control.dataset.slider);
  const slider = control.querySelector("input");
  const output = control.querySelector("output");
  const steps = Array.from(control.querySelectorAll("li"), (step) => ({
    value: step.dataset.value,
    text: step.textContent.trim(),
  }));
  const say = () => {
    const { text } = steps[slider.value];
    output.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  const follow = () => {
    // Browsers leave out seconds that are zero.
    const known = field.value.length === 16 ? `${field.value}:00` : field.value || "9999";
    let at = 0;
    steps.forEach((step, index) => {
      if ((step.value || "9999") <= known) at = index;
    });
    slider.value = at;
    say();
  };
  slider.addEventListener("input", () => {
    field.value = steps[slider.value].value;
    say();
  });
  field.addEventListener("change", follow);
  say();
  control.hidden = false;
}

function openProof() {
  const found = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = found && found.querySelector("details");
  if (!details) return;
  details.open = true;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "center" });
}

document.querySelectorAll("[data-slider]").forEach(connectSlider);
window.addEventListener("hashchange", openProof);
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[href^='#i-'], a[href^='#h-']");
  if (link && link.getAttribute("href") === location.hash) openProof();
});
openProof();
