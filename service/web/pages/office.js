// The signer's page: chosen documents are signed one by one, and each is told how it went.
// If the login ends meanwhile, what was chosen and what the key has just made wait for the next one.

import { certificates, container, rawValue } from "/office/plugin.js";

const SESSIONS = "/v1/signing-sessions";
const STATES = {
  unprepared: "ждёт подписи", waiting: "ждёт подписи", signed: "подписан", refused: "не подписать",
};
const raw = new URLSearchParams(location.hash.slice(1)).get("way") === "raw";
const kept = {
  place: `vedomost ${location.pathname}`,
  read: () => JSON.parse(sessionStorage.getItem(kept.place) ?? "{}"),
  write: (told) => sessionStorage.setItem(kept.place, JSON.stringify(told)),
  forget: () => sessionStorage.removeItem(kept.place),
};

class Ended extends Error {}

const desks = [...document.querySelectorAll("form.signing")].map(desk);
const named = (item) => item.document ?? item.package;
const place = (item) => (item.document ? `documents/${item.document}` : `packages/${item.package}`);
const boxes = (at) => [...at.form.querySelectorAll("input[name=item]")];

await resume();
await offer();

function desk(form) {
  const told = {
    form, role: form.dataset.role, session: form.dataset.session, held: [],
    choice: form.querySelector("select"), button: form.querySelector(".bar button"),
    progress: form.querySelector("progress"), outcome: form.querySelector(".bar [role=status]"),
    every: form.querySelector(".every"),
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sign(told, told.held[told.choice.value]);
  });
  form.addEventListener("change", (event) => {
    if (event.target === told.every) boxes(told).forEach((one) => { one.checked = told.every.checked; });
    count(told);
  });
  return told;
}

// What an ended login left behind: signatures not yet delivered, and what was not to be signed.
async function resume() {
  const left = kept.read();
  if (!left.unchosen && !left.sent) return;
  kept.forget();
  if (left.sent) {
    try {
      await api("PUT", left.sent.path, left.sent.body);
      say("Последняя подпись, сделанная до окончания входа, принята.");
      mark(left.sent.id, { state: "signed" });
    } catch (error) {
      if (error instanceof Ended) { kept.write(left); return leave(); }
      say(`Последняя подпись, сделанная до окончания входа, не принята: ${error.message}`);
    }
  }
  for (const one of desks.flatMap(boxes)) one.checked = !left.unchosen?.includes(one.value);
}

async function offer() {
  const working = desks.filter((one) => one.choice);
  if (!working.length) return;
  let held = [], trouble = "";
  try {
    held = await certificates();
    if (!held.length) trouble = "На этом компьютере нет сертификатов с ключом подписи.";
  } catch (error) {
    trouble = error.message;
  }
  for (const one of working) {
    one.held = held;
    one.outcome.textContent = trouble;
    one.choice.replaceChildren(...held.map((certificate, place) => {
      const until = certificate.until.toLocaleDateString("ru-RU");
      const told = `${certificate.owner} — до ${until}${certificate.current ? "" : " (истёк)"}`;
      const option = new Option(told, place);
      option.disabled = !certificate.current;
      return option;
    }));
    one.choice.disabled = !held.length;
    count(one);
  }
}

async function sign(at, certificate) {
  const chosen = boxes(at).filter((one) => one.checked).map((one) => one.value);
  busy(at, true);
  let failed = 0, signed = 0;
  try {
    const items = (await opened(at, chosen, certificate)).items;
    items.filter((item) => item.state !== "waiting").forEach((item) => mark(named(item), item));
    const waiting = items.filter((item) => item.state === "waiting");
    failed = items.filter((item) => item.state === "refused" || item.state === "unprepared").length;
    at.progress.max = waiting.length;
    for (const [done, item] of waiting.entries()) {
      at.progress.value = done;
      const sent = { id: named(item), path: `${at.path}/${place(item)}` };
      try {
        sent.body = { answers: await answers(item, certificate) };
        mark(sent.id, await api("PUT", sent.path, sent.body));
        signed += 1;
      } catch (error) {
        if (error instanceof Ended) return leave(sent.body && sent);
        failed += 1;
        mark(sent.id, { state: "waiting", failure: error.message });
      }
    }
    at.outcome.textContent = `Подписано: ${signed}.` + (failed ? ` Не подписано: ${failed}.` : "");
  } catch (error) {
    if (error instanceof Ended) return leave();
    at.outcome.textContent = error.message;
  } finally {
    busy(at, false);
  }
}

// A session over what is chosen, or the one that was opened for this page; joined and prepared.
async function opened(at, chosen, certificate) {
  const announced = { certificates: [certificate.encoded] };
  const told = at.session
    ? await api("PUT", `${SESSIONS}/${at.session}/certificates`, announced)
    : await api("POST", SESSIONS, { role: at.role, documents: chosen, ...announced });
  at.path = `${SESSIONS}/${told.id}`;
  return told;
}

async function answers(item, certificate) {
  const made = {};
  for (const part of item.parts) {
    made[part.file] = raw
      ? { value: await rawValue(certificate, part.to_sign_digest, part.digest_algorithm) }
      : { cms: await container(certificate, part.document_digest, part.digest_algorithm) };
  }
  return made;
}

function busy(at, now) {
  at.progress.hidden = !now;
  at.progress.removeAttribute("value");
  if (now) at.outcome.textContent = "";
  [...at.form.elements].forEach((one) => { one.disabled = now || (one.name === "item" && Boolean(at.session)); });
  if (!now) count(at);
}

function count(at) {
  const all = boxes(at), chosen = all.filter((one) => one.checked).length;
  if (at.every) {
    at.every.checked = all.length > 0 && chosen === all.length;
    at.every.indeterminate = chosen > 0 && chosen < all.length;
    at.every.disabled = !all.length;
  }
  if (!at.button) return;
  at.button.disabled = !chosen || !at.held.some((one) => one.current);
  at.button.textContent = chosen > 1 ? `Подписать ${chosen}` : "Подписать";
}

function mark(id, told) {
  const line = document.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
  if (!line) return;
  if (told.state === "signed" || told.state === "refused") line.querySelector("input")?.remove();
  const standing = document.createElement("span");
  standing.className = told.failure ? "failed" : told.state;
  standing.textContent = told.failure ? "не удалось" : STATES[told.state];
  const cell = line.querySelector(".state");
  cell.replaceChildren(standing);
  const reason = told.failure ?? told.problem?.message;
  if (reason) {
    const small = document.createElement("small");
    small.textContent = reason;
    cell.append(small);
  }
}

function say(told) {
  const line = document.getElementById("resumed");
  line.textContent = told;
  line.hidden = false;
}

function leave(sent) {
  const unchosen = desks.flatMap(boxes).filter((one) => !one.checked).map((one) => one.value);
  kept.write({ unchosen, sent });
  location.assign(`/login?${new URLSearchParams({ next: location.pathname })}`);
}

async function api(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error("Служба не отвечает. Проверьте связь и повторите.");
  }
  if (answer.status === 401) throw new Ended();
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.detail ?? told.title ?? `Служба ответила ${answer.status}.`);
  return told;
}
