// The signer's page: what is to be signed, with which certificate, and how it went.
// Session and token may come in the fragment (#session=…&token=…), which no server ever sees.

import { certificates, container, rawValue } from "/office/plugin.js";

const given = new URLSearchParams(location.hash.slice(1));
const raw = given.get("way") === "raw";
const page = Object.fromEntries(
  ["about", "entry", "work", "items", "signing", "outcome"].map((id) => [id, document.getElementById(id)]),
);
const STATES = {
  unprepared: "ждёт сертификата", waiting: "ждёт подписи", signed: "подписан", refused: "не подписать",
};
const ROLES = { deputy: "заместитель директора", seal: "печать организации", director: "директор" };
const state = { session: "", token: "", told: null, held: [] };

page.entry.addEventListener("submit", (event) => {
  event.preventDefault();
  open(page.entry.session.value.trim(), page.entry.token.value.trim());
});
page.signing.addEventListener("submit", (event) => {
  event.preventDefault();
  sign(state.held[page.signing.certificate.value]);
});
if (given.get("session") && given.get("token")) {
  history.replaceState(null, "", location.pathname);
  open(given.get("session"), given.get("token"));
}

async function open(session, token) {
  Object.assign(state, { session: session.split("/").pop(), token });
  try {
    show(await api("GET", ""));
    page.entry.hidden = true;
    page.work.hidden = false;
    await offer();
  } catch (error) {
    page.about.textContent = error.message;
  }
}

async function offer() {
  const choice = page.signing.certificate;
  try {
    state.held = await certificates();
  } catch (error) {
    page.outcome.textContent = error.message;
  }
  choice.replaceChildren(...state.held.map((one, place) => {
    const until = one.until.toLocaleDateString("ru-RU");
    const option = new Option(`${one.owner} — до ${until}${one.current ? "" : " (истёк)"}`, place);
    option.disabled = !one.current;
    return option;
  }));
  page.signing.querySelector("button").disabled = !state.held.some((one) => one.current);
}

async function sign(certificate) {
  const [button, progress] = ["button", "progress"].map((one) => page.signing.querySelector(one));
  button.disabled = true;
  page.outcome.textContent = "";
  let failed = 0;
  try {
    if (state.told.signer === null) {
      show(await api("PUT", "/certificates", { certificates: [certificate.encoded] }));
    }
    const waiting = state.told.items.filter((one) => one.state === "waiting");
    progress.hidden = false;
    progress.max = waiting.length;
    for (const [done, item] of waiting.entries()) {
      progress.value = done;
      try {
        replace(item, await api("PUT", place(item), { answers: await answers(item, certificate) }));
      } catch (error) {
        failed += 1;
        replace(item, { ...item, failure: error.message });
      }
    }
    const signed = state.told.items.filter((one) => one.state === "signed").length;
    const left = state.told.items.length - signed;
    page.outcome.textContent = `Подписано: ${signed}.` + (left ? ` Не подписано: ${left}.` : "");
  } catch (error) {
    page.outcome.textContent = error.message;
  } finally {
    progress.hidden = true;
    button.disabled = !state.told.items.some((one) => one.state === "waiting") && !failed;
  }
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

function place(item) {
  return item.document ? `/documents/${item.document}` : `/packages/${item.package}`;
}

function show(told) {
  state.told = told;
  const until = new Date(told.expires_at).toLocaleString("ru-RU", { dateStyle: "long", timeStyle: "short" });
  const who = told.signer ? `${ROLES[told.role]}, ${told.signer}` : ROLES[told.role];
  page.about.textContent = `Подписывает: ${who}. Сеанс открыт до ${until}.`;
  page.items.replaceChildren(...told.items.map(row));
}

function replace(item, told) {
  const at = state.told.items.indexOf(item);
  state.told.items[at] = told;
  page.items.children[at].replaceWith(row(told));
}

function row(item) {
  const line = document.createElement("tr");
  const title = item.preview ? preview(item) : item.title ?? "Пакет документов";
  const hash = item.pdf_sha256 ? `${item.pdf_sha256.slice(0, 12)}…` : "";
  const cells = [title, item.class_title ?? "", item.pages ?? "", item.sheets ?? "", hash, standing(item)];
  line.append(...cells.map((content) => {
    const cell = document.createElement("td");
    cell.append(content);
    return cell;
  }));
  line.children[4].title = item.pdf_sha256 ?? "";
  return line;
}

function standing(item) {
  const told = document.createElement("span");
  told.className = item.failure ? "failed" : item.state;
  told.append(item.failure ? "не удалось" : STATES[item.state]);
  const reason = item.failure ?? item.problem?.message;
  if (reason) {
    const small = document.createElement("small");
    small.append(reason);
    told.append(small);
  }
  return told;
}

function preview(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(item.title);
  button.addEventListener("click", async () => {
    const answer = await request("GET", item.preview);
    globalThis.open(URL.createObjectURL(await answer.blob()), "_blank");
  });
  return button;
}

async function api(method, path, body) {
  const answer = await request(method, `/v1/signing-sessions/${encodeURIComponent(state.session)}${path}`, body);
  return answer.json();
}

async function request(method, path, body) {
  const headers = { Authorization: `Bearer ${state.token}` };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error("Служба не отвечает. Проверьте связь и повторите.");
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? problem.title ?? `Служба ответила ${answer.status}.`);
  }
  return answer;
}
