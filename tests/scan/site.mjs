// SPDX-License-Identifier: Apache-2.0
// The page that scanners crawl: one form for every route of openapi.json, whose fields are the route's path and query parameters
// and members of its body. A form can only GET or POST fields, so the site stands between: it puts method, path, query and JSON body
// together, asks the product and gives its answer back, and counts what came for each route. Beside them one route that is
// vulnerable on purpose and is the site's own, never the product's: whoever does not find it cannot be believed about the rest.
import { execFileSync } from 'node:child_process';
import http from 'node:http';

const BODY = { name: 'Scan', filter: 'name is not null', value: '1', object: 'account', fields: 'name' };
const SLOW_MS = 1000; // a stream of events is cut off
const MOST = 1024 * 1024;
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

// What stands in a field at first: something that exists, so that requests get past the first look.
const sample = (name, known) => known[name] ?? { limit: '5', sort: '-id', filter: 'name is not null', q: 'a', count: 'capped' }[name] ?? '1';

export function routesOf(openapi, known) {
  const routes = [];
  for (const [path, methods] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const fields = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: `p_${name}`, value: sample(name, known) }));
      for (const p of operation.parameters ?? []) if (p.in === 'query') fields.push({ name: `q_${p.name}`, value: sample(p.name, known) });
      const schema = operation.requestBody?.content?.['application/json']?.schema?.properties;
      const members = schema ? Object.keys(schema).slice(0, 12) : Object.keys(BODY);
      if (!['get', 'delete'].includes(method)) for (const name of members) fields.push({ name: `b_${name}`, value: BODY[name] ?? sample(name, known) });
      if (fields.length === 0) fields.push({ name: 'q_x', value: '1' });
      routes.push({ method: method.toUpperCase(), path, fields, requests: 0, failed: 0 });
    }
  }
  return routes;
}

function page(routes) {
  const inputs = (fields) => fields.map((f) => `<input type="text" name="${escape(f.name)}" value="${escape(f.value)}">`).join('');
  const forms = routes.map((r, i) => `<form action="/r/${i}" method="${r.method === 'GET' ? 'get' : 'post'}"><b>${escape(`${r.method} ${r.path}`)}</b>${inputs(r.fields)}<input type="submit" value="send"></form>`);
  return `<!doctype html><html><head><title>Routes</title></head><body><a href="/vulnerable?id=1">vulnerable on purpose</a>${forms.join('\n')}</body></html>`;
}

// The product's method, path, query and body out of the fields of a form.
function compose(route, fields) {
  const query = new URLSearchParams();
  const body = {};
  let path = route.path;
  for (const [name, value] of fields) {
    if (name.startsWith('p_')) path = path.replace(`{${name.slice(2)}}`, encodeURIComponent(value));
    else if (name.startsWith('b_')) body[name.slice(2)] = /^\d{1,6}$/.test(value) ? Number(value) : value;
    else query.append(name.replace(/^q_/, ''), value);
  }
  path = path.replace(/\{\w+\}/g, '1');
  const text = query.toString();
  return { path: text ? `${path}?${text}` : path, body: ['GET', 'DELETE'].includes(route.method) ? null : JSON.stringify(body) };
}

const read = (stream) => new Promise((done, fail) => {
  const parts = [];
  let n = 0;
  stream.on('data', (part) => { n += part.length; if (n <= MOST) parts.push(part); });
  stream.on('error', fail);
  stream.on('end', () => done(Buffer.concat(parts)));
});

function forward(product, key, route, fields, answer) {
  const { path, body } = compose(route, fields);
  const headers = { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }) };
  const request = http.request({ host: '127.0.0.1', port: product, method: route.method, path, headers });
  const timer = setTimeout(() => request.destroy(), SLOW_MS);
  const end = (status, type, data) => {
    clearTimeout(timer);
    if (status >= 500 && ![503, 507].includes(status)) route.failed++;
    if (!answer.headersSent) answer.writeHead(status, { 'Content-Type': type });
    answer.end(data);
  };
  request.on('response', async (got) => {
    const data = await read(got).catch(() => Buffer.from(''));
    end(got.statusCode, got.headers['content-type'] ?? 'text/plain', data);
  });
  request.on('error', () => end(504, 'text/plain', 'no answer in time'));
  request.end(body ?? undefined);
}

// Text into SQL, the engine's error to the reader, the parameter into the page: all that one must not do.
function vulnerable(id, answer) {
  let told;
  try {
    told = execFileSync('sqlite3', [':memory:', `CREATE TABLE t (id, name); INSERT INTO t VALUES (1, 'one'), (2, 'two'); SELECT name FROM t WHERE id = ${id};`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 2000 });
  } catch (error) {
    told = `sqlite3.OperationalError: ${String(error.stderr).trim()}`;
  }
  answer.writeHead(200, { 'Content-Type': 'text/html' });
  answer.end(`<!doctype html><html><body><p>Record ${id}</p><p>${told}</p></body></html>`);
}

// Listens on loopback; key: '' asks as nobody.
export async function openSite(product, key, routes) {
  const site = http.createServer(async (request, answer) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const at = url.pathname.match(/^\/r\/(\d+)$/);
    if (url.pathname === '/vulnerable') return vulnerable(url.searchParams.get('id') ?? '1', answer);
    if (!at || !routes[at[1]]) {
      answer.writeHead(url.pathname === '/' ? 200 : 404, { 'Content-Type': 'text/html' });
      return answer.end(url.pathname === '/' ? page(routes) : 'not here');
    }
    const route = routes[at[1]];
    route.requests++;
    const fields = [...url.searchParams, ...new URLSearchParams((await read(request)).toString('utf8'))];
    return forward(product, key, route, fields, answer);
  });
  await new Promise((done) => { site.listen(0, '127.0.0.1', done); });
  return site;
}
