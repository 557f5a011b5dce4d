// What the form is spared to ask: the zone that the browser is in; and who picks a topic does not want all of them.
"use strict";
const form = document.querySelector("form.subscription");
if (form) {
  const zones = form.elements.timezone;
  if (form.hasAttribute("data-guess-zone")) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (here && ![...zones.options].some((option) => option.value === here)) zones.add(new Option(here, here));
    if (here) zones.value = here;
  }
  form.addEventListener("change", (event) => {
    if (event.target.name === "watch") form.querySelector("[name=which][value=some]").checked = true;
  });
}
