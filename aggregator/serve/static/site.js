// What pages can do better than forms and links alone; everything works without it.
"use strict";

const words = document.body.dataset;

// A button beside every address that is there to be copied.

const announcer = document.createElement("p");
announcer.className = "away";
announcer.setAttribute("role", "status");
document.body.append(announcer);

async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no secure connection, or not allowed
    const hidden = field || document.body.appendChild(Object.assign(document.createElement("input"), { value: text }));
    hidden.select();
    document.execCommand("copy");
    if (!field) hidden.remove();
  }
}

function offerCopies(within) {
  for (const place of within.querySelectorAll("input[readonly], a[data-copy]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: words.copy });
    const name = place.getAttribute("aria-label") || place.dataset.copiedName;
    if (name) button.append(Object.assign(document.createElement("span"), { className: "away", textContent: " " + name }));
    button.addEventListener("click", async () => {
      await copy(place.value || place.href, place.select && place);
      announcer.textContent = words.copied;
      button.firstChild.textContent = words.copied;
      button.classList.add("done");
      setTimeout(() => {
        button.firstChild.textContent = words.copy;
        button.classList.remove("done");
        announcer.textContent = "";
      }, 2000);
    });
    const label = place.closest("label");
    (label || place).after(button);
  }
}

offerCopies(document);

// Forms that answer while they are filled in: the page that the form would lead to is fetched, and its results take the place of these.

let asked = 0;

// What a screen reader says of an answer: its heading, and how many articles there are or why there is none.
function heard(results) {
  const counted = results.querySelector(".found");
  const shown = counted ? 0 : results.querySelectorAll("article").length;
  const parts = [results.querySelector("h1, h2"), counted, results.querySelector(".empty")].filter(Boolean).map((part) => part.textContent.trim());
  return (shown ? [...parts, shown] : parts).join(" – ");
}

async function answer(form) {
  const question = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) question.append(name, value);
  const address = form.action + (question.size ? "?" + question : "");
  const number = ++asked;
  document.body.classList.add("waiting");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const results = page.getElementById("results");
    if (number !== asked || !results) return;
    document.getElementById("results").replaceWith(document.importNode(results, true));
    document.title = page.title;
    history.replaceState(null, "", address);
    offerCopies(document.getElementById("results"));
    announcer.textContent = heard(document.getElementById("results"));
  } catch { // the network is away: the button still asks the ordinary way
    return;
  } finally {
    if (number === asked) document.body.classList.remove("waiting");
  }
}

for (const form of document.querySelectorAll("form[data-live]")) {
  if (!document.getElementById("results")) continue;
  let wait;
  let composing = false; // Chinese, Japanese and Korean are typed in steps
  const soon = (event) => {
    if (composing) return;
    clearTimeout(wait);
    wait = setTimeout(() => answer(form), event.target.type === "search" ? 250 : 0);
  };
  form.addEventListener("compositionstart", () => { composing = true; });
  form.addEventListener("compositionend", (event) => { composing = false; soon(event); });
  form.addEventListener("input", soon);
}

// A search from the keyboard: "/" goes to the field, as on many sites of news.

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
