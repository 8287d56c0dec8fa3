// SPDX-License-Identifier: Apache-2.0
// What is wrong is refused in words: both languages, the field, the position, and nothing half-written.
import http from 'node:http';
import { api, assert, by, create, expect, expectProblem, fieldError, unique } from './lib.mjs';

const q = encodeURIComponent;
const HAN = /[\u4e00-\u9fff]/;

const raw = (server, path, headers, body) => new Promise((done, fail) => {
  const request = http.request({
    host: '127.0.0.1', port: server.port, method: 'POST', path,
    headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json', ...headers },
  }, (answer) => {
    let text = '';
    answer.on('data', (data) => { text += data; });
    answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null }));
  });
  request.on('error', fail);
  request.end(body);
});

// The same refusal in both languages; gives the English one.
async function inBoth(ask, status, code) {
  const zh = expectProblem(await ask({ 'Accept-Language': 'zh-CN' }), status, code);
  const en = expectProblem(await ask({ 'Accept-Language': 'en' }), status, code);
  assert.match(zh.detail ?? zh.title, HAN, JSON.stringify(zh));
  const own = (text) => text.replaceAll(/"[^"]*"/g, ''); // without what it quotes
  assert.doesNotMatch(own(en.detail ?? en.title), HAN, JSON.stringify(en));
  for (const [i, error] of (en.errors ?? []).entries()) {
    assert.match(zh.errors[i].message, HAN);
    assert.doesNotMatch(own(error.message), HAN);
  }
  return en;
}

const count = async (client, name) => expect(await client.get(`/accounts?count=exact&filter=${q(`name = ${JSON.stringify(name)}`)}`), 200).count.value;

export const tests = [
  {
    name: 'malformed JSON, duplicate keys, bad UTF-8 and NUL are told with their place',
    async run(server) {
      const send = (body) => (language) => raw(server, `${api}/accounts`, language, body);
      for (const [body, place] of [['{"name":"a",}', true], ['{"name":"a","name":"b"}', true], ['[1,2', true], ['', false],
        ['{"name":"a\\u0000b"}', false], [Buffer.from([...Buffer.from('{"name":"'), 0xc3, 0x28, ...Buffer.from('"}')]), false]]) {
        const problem = await inBoth(send(body), 400, 'bad_json');
        if (place) assert.match(`${problem.detail} ${JSON.stringify(problem.errors ?? [])}`, /\d/, String(body));
      }
      expectProblem(await by(server).get('/accounts?filter=%00'), 400, 'bad_parameter');
      expectProblem(await by(server).get('/accounts?q=%C3%28'), 400, 'bad_parameter');
    },
  },
  {
    name: 'deep nesting is refused at once',
    async run(server) {
      const deep = 200000;
      await inBoth((language) => raw(server, `${api}/accounts`, language, '['.repeat(deep) + ']'.repeat(deep)), 400, 'bad_json');
      const nested = `${'not ('.repeat(70)}true${')'.repeat(70)}`;
      await inBoth((language) => by(server).get(`/accounts?filter=${q(nested)}`, language), 400, 'bad_expression');
    },
  },
  {
    name: 'unknown and read-only fields, wrong types and numbers out of range are named, all at once',
    async run(server) {
      const admin = by(server);
      const name = unique('wrong');
      const body = { name, no_such_field: 1, version: 9, founded_year: 'soon', employee_count: 9.5, annual_revenue: '1e400', kind: 'no_such_kind', owner: 'nobody' };
      const problem = await inBoth((language) => admin.post('/accounts', body, language), 422, 'validation');
      for (const field of Object.keys(body).slice(1)) assert.ok(fieldError(problem, field), `${field}: ${JSON.stringify(problem.errors)}`);
      for (const year of [9007199254740993, -1e308, 1.5]) {
        assert.ok(fieldError(expectProblem(await admin.post('/accounts', { name, founded_year: year }), 422, 'validation'), 'founded_year'));
      }
      assert.equal(await count(admin, name), 0);
    },
  },
  {
    name: 'a bad expression is told at its character in both languages',
    async run(server) {
      const admin = by(server);
      for (const [text, at] of [['name = ', 7], ['客户 = "x"', 0], ['name = "x" and nme = "y"', 15], ['founded_year > "x"', 15], ['kind = "compny"', 7], ['name ~', 6]]) {
        const problem = await inBoth((language) => admin.get(`/accounts?filter=${q(text)}`, language), 400, 'bad_expression');
        assert.equal(problem.errors[0].at, at, `${text}: ${JSON.stringify(problem.errors)}`);
      }
    },
  },
  {
    name: 'what is too large is refused: header, body, page, expression, list of values',
    async run(server) {
      const admin = by(server);
      const header = await raw(server, `${api}/accounts`, { 'X-Much': 'x'.repeat(200000) }, '{}').catch((error) => ({ status: 431, error }));
      assert.ok([400, 413, 431].includes(header.status), String(header.status));
      await inBoth((language) => admin.post('/accounts', { name: 'x', description: 'y'.repeat(1 << 20) }, language), 413, 'too_large');
      for (const limit of ['201', '0', '-1', 'many', '1e2']) await inBoth((language) => admin.get(`/accounts?limit=${limit}`, language), 400, 'bad_parameter');
      const long = `name = "${'x'.repeat(9000)}"`;
      await inBoth((language) => admin.post('/accounts/query', { filter: long }, language), 400, 'bad_expression');
      const many = `founded_year in (${Array.from({ length: 1001 }, (_, i) => i).join(',')})`;
      await inBoth((language) => admin.post('/accounts/query', { filter: many }, language), 400, 'bad_expression');
      assert.equal(expect(await admin.get('/me'), 200).user.login, 'admin');
    },
  },
  {
    name: 'of two writers on one record the second is told, and both values are kept apart',
    async run(server) {
      const admin = by(server);
      const a = await create(admin, 'accounts', { name: unique('two'), short_name: 'first' });
      const both = await Promise.all(['left', 'right'].map((short_name) => admin.patch(`/accounts/${a.id}`, { short_name }, { 'If-Match': '"1"' })));
      assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 412]);
      const stale = both.find((answer) => answer.status === 412);
      assert.equal(expectProblem(stale, 412, 'stale').status, 412);
      const now = expect(await admin.get(`/accounts/${a.id}`), 200);
      assert.equal(now.version, 2);
      assert.ok(['left', 'right'].includes(now.short_name));
    },
  },
];
