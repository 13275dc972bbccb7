// Asking the server, so that a slow or broken network neither loses anything nor does anything twice.

import { SERVER, forget, memberOf, token } from "./session.js";

const WAITS = [600, 1500, 3000, 6000];
const PATIENCE = 15000;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the server said no to (`problem` is its problem details), or, with status 0, that it could not be reached. */
export class Problem extends Error {
  constructor(status, problem = {}) {
    super(problem.title ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function once(path, options) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(SERVER + path, { ...options, signal: stop.signal, credentials: "omit" });
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

/** Ask until there is an answer, a few times. `retrying` is told each time that it takes longer. */
async function ask(path, options, retrying = () => {}) {
  for (let turn = 0; ; turn += 1) {
    const answer = await once(path, options);
    if (answer && !AGAIN.has(answer.status)) return answer;
    if (turn >= WAITS.length) throw new Problem(answer?.status ?? 0, answer ? await problemOf(answer) : {});
    retrying(turn);
    const after = Number(answer?.headers.get("retry-after") ?? 0) * 1000;
    await pause(Math.min(Math.max(WAITS[turn], after), 10000));
  }
}

async function problemOf(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

async function read(answer) {
  if (!answer.ok) throw new Problem(answer.status, await problemOf(answer));
  return answer.json();
}

/** What everybody may see. */
export async function open(path, language) {
  return read(await ask(path, { headers: { "accept-language": language } }));
}

/** What the member may see; null when nobody has signed in. */
export async function own(path, language) {
  return withToken((bearer) => ask(path, { headers: { "accept-language": language, authorization: `Bearer ${bearer}` } }));
}

async function withToken(call) {
  for (const last of [false, true]) {
    const bearer = await token();
    if (!bearer) return null;
    const answer = await call(bearer);
    if (answer.status !== 401) return read(answer);
    forget();
    if (last) return null;
  }
  return null;
}

const KEPT = "festoon/under-way/";

/** An id that nobody else makes. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was sent under this name and not answered yet. */
export function underWay(name) {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT + name));
  } catch {
    return null;
  }
}

/**
 * Send what the member does, and return its outcome. Until there is an answer it keeps its id, over a reload too: sent
 * again it gets the same outcome, so it never counts twice.
 */
export async function send(name, type, data, language, retrying) {
  const bearer = await token();
  if (!bearer) throw new Problem(401);
  const member = memberOf(bearer);
  const key = `${member}/${name}`;
  const before = underWay(key);
  const same = before && JSON.stringify(before.data) === JSON.stringify(data);
  const event = same ? before : { specversion: "1.0", id: newId(), source: "member", type, subject: member, data };
  sessionStorage.setItem(KEPT + key, JSON.stringify(event));
  let answer;
  try {
    answer = await withToken((good) =>
      ask("/v1/events", {
        method: "POST",
        headers: { "content-type": "application/cloudevents+json", "accept-language": language, authorization: `Bearer ${good}` },
        body: JSON.stringify(event),
      }, retrying),
    );
  } catch (problem) {
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) sessionStorage.removeItem(KEPT + key);
    throw problem;
  }
  if (answer === null) throw new Problem(401);
  sessionStorage.removeItem(KEPT + key);
  return { mechanics: [], ...answer.outcome };
}
