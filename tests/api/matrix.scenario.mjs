// SPDX-License-Identifier: Apache-2.0
// Every route × every shipped role × own and foreign record: the status that the role's form promises. A route of
// records without a row fails; every other route is asked without its right, and without signing in.
import { assert, by, create, expect, makeUser, unique } from './lib.mjs';

const ROLES = ['administrator', 'boss', 'sales_manager', 'seller', 'presales', 'sales_ops', 'marketing', 'service_manager', 'service_agent', 'agent', 'field_engineer',
  'finance', 'warehouse', 'analyst', 'auditor', 'employee', 'exhibition_manager', 'store_manager'];
const NOBODY = { with: [{ user: '424242' }] };

// [method, path behind /accounts/{id}, body, action, status when allowed]: one record
const RECORD = [
  ['GET', '/{id}', undefined, 'read', 200], ['GET', '/{id}/history', undefined, 'read', 200], ['GET', '/{id}/access', undefined, 'read', 200],
  ['GET', '/{id}/shares', undefined, 'read', 200], ['GET', '/{id}/timeline', undefined, 'read', 200], ['GET', '/{id}/pins', undefined, 'read', 200], ['GET', '/{id}/presence', undefined, 'read', 200], ['PUT', '/{id}/presence', {}, 'read', 200], ['PUT', '/{id}/pins/{kind}/{entry}', {}, 'update', 404], ['DELETE', '/{id}/pins/{kind}/{entry}', undefined, 'update', 204], ['GET', '/{id}/related', undefined, 'read', 200], ['GET', '/{id}/verbs', undefined, 'read', 200],
  ['POST', '/{id}/share', NOBODY, 'share', 422], ['POST', '/{id}/unshare', NOBODY, 'share', 422], ['POST', '/{id}/reveal', { field: 'nothing' }, 'read', 422],
  ['POST', '/{id}/restore', {}, 'read', 409], ['POST', '/{id}/{verb}', undefined, 'read', 404], ['PATCH', '/{id}', { short_name: 'M' }, 'update', 200], ['DELETE', '/{id}', undefined, 'delete', 204],
];
// [method, path behind /accounts, body, actions, status when allowed]: many
const MANY = [
  ['GET', '', undefined, ['read'], 200], ['POST', '/query', {}, ['read'], 200], ['POST', '/conditions', {}, ['read'], 200], ['POST', '/aggregate', { measures: ['count'] }, ['read'], 200],
  ['POST', '', { name: '' }, ['create'], 422], ['POST', '/bulk', { filter: 'name = "nobody"', set: { short_name: 'x' }, dry_run: true }, ['bulk', 'update'], 200],
  ['GET', '/nearby', undefined, ['read'], 400], ['GET', '/duplicates', undefined, ['read'], 200], ['POST', '/duplicates', { record: {} }, ['read'], 200], ['POST', '/duplicates/search', {}, ['update', 'delete'], 202],
  ['POST', '/duplicates/{pair}/dismiss', undefined, ['read'], 404], ['POST', '/duplicates/{pair}/reopen', undefined, ['read'], 404], ['POST', '/merge', {}, ['read'], 422],
  ['POST', '/export', { filter: 'name = "nobody"', format: 'csv' }, ['export'], 202],
];
const ELSEWHERE = ['DELETE /{id}/presence', 'GET /{id}/related/{relation}', 'GET /import', 'POST /import', 'POST /import/preview',
  'GET /import/mappings', 'POST /import/mappings', 'DELETE /import/mappings/{id}']; // relation: rights scenario; import: import scenarios

const granted = (rights, action, own) => {
  const scope = rights?.[action];
  if (scope === true) return true;
  return own ? scope !== undefined && scope !== 'none' && scope !== false : scope === 'all';
};

async function accounts(server, role) {
  const admin = by(server);
  const away = await create(admin, 'departments', { name: unique('away') });
  const other = await makeUser(server, ['seller'], { department: away.id });
  const home = await create(admin, 'departments', { name: unique('home') });
  const user = await makeUser(server, [role], { department: home.id });
  const make = (owner) => create(admin, 'accounts', { name: unique('matrix'), owner });
  return { client: user.client, own: await make(user.id), foreign: await make(other.id) };
}

async function asked(client, method, path, body) {
  return client[method.toLowerCase()](path, body);
}

async function records(role, rights, scene) {
  for (const which of ['own', 'foreign']) {
    for (const [method, tail, body, action, ok] of RECORD) {
      const path = `/accounts${tail.replace('{id}', scene[which].id).replace('{verb}', 'no_such_verb').replace('{kind}/{entry}', 'note/1')}`;
      const answer = await asked(scene.client, method, path, body);
      const reads = granted(rights, 'read', which === 'own');
      const wanted = !reads ? 404 : granted(rights, action, which === 'own') ? ok : 403;
      assert.equal(answer.status, wanted, `${role} ${which} ${method} ${path}: ${answer.text.slice(0, 300)}`);
    }
  }
}

async function sets(role, rights, scene) {
  for (const [method, tail, body, actions, ok] of MANY) {
    const answer = await asked(scene.client, method, `/accounts${tail}`, body);
    const wanted = !granted(rights, 'read', true) ? 404 : actions.every((action) => granted(rights, action, true)) ? ok : 403;
    assert.equal(answer.status, wanted, `${role} ${method} /accounts${tail}: ${answer.text.slice(0, 300)}`);
  }
}

export const tests = [
  {
    name: 'every route of records has a row',
    async run(server) {
      const { paths } = expect(await by(server).get('/openapi.json'), 200);
      const rows = new Set([...RECORD, ...MANY].map(([method, path]) => `${method} ${path}`).concat(ELSEWHERE));
      const missing = Object.entries(paths).filter(([path]) => path.startsWith('/api/v1/{plural}'))
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1/{plural}', '')}`))
        .filter((line) => !rows.has(line));
      assert.deepEqual(missing, []);
    },
  },
  ...ROLES.map((role) => ({
    name: `${role}: own and foreign records, sets`,
    async run(server) {
      const form = expect(await by(server).get(`/meta/access/${role}`), 200);
      const scene = await accounts(server, role);
      const all = { read: 'all', create: true, update: 'all', delete: 'all', export: 'all', share: 'all', transfer: 'all', bulk: 'all' };
      const rights = role === 'administrator' ? all : form.objects?.account;
      await sets(role, rights, scene);
      await records(role, rights, scene);
    },
  })),
  {
    name: 'what needs a right refuses whoever has it not; what needs a person refuses strangers',
    async run(server) {
      const { paths } = expect(await by(server).get('/openapi.json'), 200);
      const employee = await makeUser(server, ['employee']);
      const id = '1234567';
      let withRight = 0;
      let closed = 0;
      for (const [path, methods] of Object.entries(paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          const real = path.replace('{plural}', 'accounts').replace(/\{(\w+)\}/g, (_, name) => (name === 'id' ? id : name === 'object' ? 'account' : name === 'role' ? 'seller' : 'name'));
          const body = method === 'get' || method === 'delete' ? undefined : {};
          const isForm = operation.requestBody?.content?.['multipart/form-data'];
          if (operation['x-right'] && !isForm) { // POST /import: import_all scenario
            const answer = await server.request(method.toUpperCase(), real, body, { Authorization: `Bearer ${employee.key}` });
            assert.equal(answer.status, 403, `employee ${method} ${path}: ${answer.text.slice(0, 200)}`);
            withRight++;
          }
          if (operation.security?.length === 0) continue;
          const answer = await server.request(method.toUpperCase(), real, body, { Authorization: '' });
          const form = isForm && answer.status === 415; // refused unread
          assert.ok(form || answer.status === 401, `stranger ${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
          closed++;
        }
      }
      assert.ok(withRight > 20 && closed > 80, `${withRight} ${closed}`);
    },
  },
];
