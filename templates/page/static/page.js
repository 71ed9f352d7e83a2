// A draft of what is typed stays in this browser until it is saved; text fields grow. Nothing is counted or sent.
"use strict";
(() => {
  const DAYS = 7 * 24 * 60 * 60 * 1000;
  const key = "onward-draft " + location.pathname;
  const store = (() => { try { return window.localStorage; } catch { return null; } })();
  const form = document.querySelector("form[data-draft]");
  if (!form) {
    if (document.querySelector("[data-saved]")) store?.removeItem(key);
    return;
  }
  const fields = () => [...form.elements].filter((field) => /^q\d+$/.test(field.name));
  const value = (field) => (field.type === "radio" ? field.checked && field.value : field.value) || "";
  const words = () => {
    const found = {};
    for (const field of fields()) if (value(field)) found[field.name] = value(field);
    return found;
  };
  const fill = (draft) => {
    for (const field of fields()) {
      if (field.type !== "radio") field.value = draft[field.name] || "";
      else field.checked = field.value !== "" && field.value === draft[field.name];
      grow(field);
    }
  };
  const grow = (field) => {
    if (field.type !== "textarea" || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 2 + "px";
  };
  const kept = () => {
    try {
      const draft = JSON.parse(store?.getItem(key) || "null");
      return draft && Date.now() - draft.at < DAYS ? draft.words : null;
    } catch { return null; }
  };
  const served = words();
  const draft = form.dataset.draft === "restore" ? kept() : null;
  const note = document.querySelector("[data-restored]");
  if (draft && JSON.stringify({ ...draft, ...served }) !== JSON.stringify(served)) {
    fill({ ...draft, ...served }); // what a link in the mail selected was chosen later than the draft
    if (note) note.hidden = false;
  }
  note?.querySelector("button").addEventListener("click", () => {
    store?.removeItem(key);
    fill(served);
    note.hidden = true;
    form.querySelector("input, textarea").focus();
  });
  form.addEventListener("input", (event) => {
    grow(event.target);
    try { store?.setItem(key, JSON.stringify({ at: Date.now(), words: words() })); } catch { /* full or forbidden */ }
  });
  fields().forEach(grow);
})();
