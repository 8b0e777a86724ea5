// The few questions the page asks its server, and the stream of what happens.

export class Refused extends Error {}

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `没有成功（${response.status}）。`);
  return body;
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("没有连上服务器，内容还在，稍后再试。");
  }
  return answerOf(response);
}

export const getState = () => ask("chat/state", { cache: "no-store" });

export const post = (what, body) => ask(`chat/${what}`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
});

export function postFile({ person, chat, kind, caption, file }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ person, chat, kind, caption })) form.append(name, value);
  form.append("file", file, file.name);
  return ask("chat/file", { method: "POST", body: form });
}

// Follows events from `after` on; calls lost() once when the connection breaks.
export function follow(after, { event, lost }) {
  const source = new EventSource(`chat/events?after=${after}`);
  let seen = after;
  source.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.seq !== undefined && news.seq <= seen) return;
    seen = news.seq ?? seen;
    event(news);
  };
  source.onerror = () => {
    source.close();
    lost();
  };
  return () => source.close();
}
