// SPDX-License-Identifier: Apache-2.0
// The edge: what cannot be read is refused with its code; a request id is on every answer.
import http from 'node:http';
import { api, assert, by, create, expect, expectProblem, makeUser, unique } from './lib.mjs';

const raw = (server, method, path, headers, body) => new Promise((done, fail) => {
  const request = http.request({ host: '127.0.0.1', port: server.port, method, path, headers }, (answer) => {
    let text = '';
    answer.on('data', (data) => { text += data; });
    answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null }));
  });
  request.on('error', fail);
  if (headers.Expect) request.flushHeaders();
  else request.end(body);
});

export const tests = [
  {
    name: 'each code of the contract that a client can cause',
    async run(server) {
      const admin = by(server);
      const seller = await makeUser(server, ['seller']);
      const key = { Authorization: `Bearer ${server.key}` };
      const a = await create(admin, 'accounts', { name: unique('e') });
      const gone = await create(admin, 'accounts', { name: unique('e') });
      expect(await admin.delete(`/accounts/${gone.id}`), 204);
      const json = { ...key, 'Content-Type': 'application/json' };
      const cases = [
        [400, 'bad_json', () => raw(server, 'POST', `${api}/accounts`, json, '{"name":')],
        [400, 'bad_json', () => raw(server, 'POST', `${api}/accounts`, json, '{"name":"a","name":"b"}')],
        [400, 'bad_json', () => raw(server, 'POST', `${api}/accounts`, json, Buffer.from([0x22, 0xff, 0x22]))],
        [400, 'bad_expression', () => admin.get('/accounts?filter=no_such')],
        [400, 'bad_parameter', () => admin.get('/accounts?colour=red')],
        [400, 'bad_parameter', () => admin.get('/accounts?filter=%ff')],
        [401, 'unauthenticated', () => by(server, null).get('/accounts')],
        [401, 'bad_credentials', () => by(server, null).post('/session', { login: unique('x'), password: 'wrong-password' })],
        [403, 'forbidden', () => seller.client.post('/meta/objects', {})],
        [403, 'forbidden', () => seller.client.post('/pipelines', { code: 'x', name: 'x' })],
        [404, 'not_found', () => admin.get('/accounts/1')],
        [404, 'not_found', () => admin.get('/accounts/abc')],
        [404, 'not_found', () => admin.get('/nothings')],
        [404, 'not_found', () => admin.get('/api/v2/accounts')],
        [405, 'method', () => admin.put(`/accounts/${a.id}`, {})],
        [405, 'method', () => admin.delete('/accounts')],
        [410, 'gone', () => admin.get(`/accounts/${gone.id}`)],
        [412, 'stale', () => admin.patch(`/accounts/${a.id}`, { name: 'x' }, { 'If-Match': '"9"' })],
        [413, 'too_large', () => admin.post('/accounts', { name: 'x'.repeat(1100000) })],
        [415, 'media_type', () => raw(server, 'POST', `${api}/accounts`, { ...key, 'Content-Type': 'text/plain' }, '{}')],
        [415, 'media_type', () => raw(server, 'POST', `${api}/accounts`, { ...json, 'Content-Encoding': 'gzip' }, '{}')],
        [422, 'validation', () => admin.post('/accounts', { name: 5 })],
      ];
      for (const [status, code, ask] of cases) expectProblem(await ask(), status, code);
    },
  },
  {
    name: 'every answer carries its request id and may not be cached',
    async run(server) {
      const ids = new Set();
      for (const path of ['/healthz', `${api}/me`, `${api}/nothing/at/all/here`, '/']) {
        const answer = await server.request('GET', path);
        assert.match(answer.headers['x-request-id'], /^[0-9a-f]+$/);
        assert.match(answer.headers['cache-control'], /no-store/);
        ids.add(answer.headers['x-request-id']);
      }
      assert.equal(ids.size, 4);
    },
  },
  {
    name: '405 names what is allowed; HEAD answers like GET',
    async run(server) {
      const answer = await by(server).put('/accounts', {});
      assert.deepEqual(answer.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'POST']);
      const files = await by(server).get('/files'); // they are read with the records they are in: there is no list
      assert.deepEqual([files.status, files.headers.allow], [405, 'POST']);
      const head = await raw(server, 'HEAD', `${api}/me`, { Authorization: `Bearer ${server.key}` });
      assert.equal(head.status, 200);
      assert.equal(head.text, '');
      assert.ok(Number(head.headers['content-length']) > 100);
    },
  },
  {
    name: 'files are refused before they are sent: strangers, what is too large, what is no form',
    async run(server) {
      const seller = await makeUser(server, ['seller']);
      const ask = (headers) => raw(server, 'POST', `${api}/accounts/import`, {
        'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': 1 << 20, Expect: '100-continue', ...headers,
      });
      expectProblem(await ask({}), 401, 'unauthenticated');
      expectProblem(await ask({ Authorization: 'Bearer gx_nonsense' }), 401, 'unauthenticated');
      expectProblem(await ask({ Cookie: 'gx_session=nonsense' }), 401, 'unauthenticated');
      const Authorization = `Bearer ${seller.key}`;
      expectProblem(await ask({ Authorization, 'Content-Length': 1e12 }), 413, 'too_large');
      expectProblem(await ask({ Authorization, 'Content-Type': 'text/csv' }), 415, 'media_type');
    },
  },
  {
    name: 'numbers and texts at their limits',
    async run(server) {
      const admin = by(server);
      const long = '客'.repeat(200);
      assert.equal((await create(admin, 'accounts', { name: long })).name, long);
      expectProblem(await admin.post('/accounts', { name: `${long}户` }), 422, 'validation');
      const big = await create(admin, 'accounts', { name: unique('big'), annual_revenue: '9999999999999.99' });
      assert.equal(big.annual_revenue.value, '9999999999999.99');
      for (const value of ['1e5', '1,000', '', ' ', 'NaN', '99999999999999999999', true, {}]) {
        expectProblem(await admin.post('/accounts', { name: 'x', annual_revenue: value }), 422, 'validation');
      }
      for (const value of ['2026-02-30', '2026-13-01', '26-01-01', 5, '2026-01-01T00:00:00Z']) {
        expectProblem(await admin.post('/contacts', { name: 'x', birthday: value }), 422, 'validation');
      }
    },
  },
];
