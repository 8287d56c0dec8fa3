// SPDX-License-Identifier: Apache-2.0
// The interface description is whole: references resolve, parameters are declared, ids are unique.
import { assert, by, expect } from './lib.mjs';

function* nodes(value, path = '#') {
  yield [path, value];
  if (value && typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) yield* nodes(child, `${path}/${key}`);
  }
}

export const tests = [
  {
    name: 'references resolve and operations are complete',
    async run(server) {
      const doc = expect(await by(server).get('/openapi.json'), 200);
      assert.match(doc.openapi, /^3\.1\./);
      for (const [path, node] of nodes(doc)) {
        if (!node?.$ref) continue;
        const target = node.$ref.replace('#/', '').split('/').reduce((at, key) => at?.[key], doc);
        assert.ok(target, `${path}: ${node.$ref}`);
      }
      const ids = new Set();
      for (const [path, item] of Object.entries(doc.paths)) {
        const wanted = [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]);
        for (const operation of Object.values(item)) {
          assert.ok(operation.summary && operation.responses.default, path);
          assert.ok(!ids.has(operation.operationId), operation.operationId);
          ids.add(operation.operationId);
          assert.deepEqual(operation.parameters.filter((p) => p.in === 'path').map((p) => p.name), wanted);
        }
      }
      assert.ok(ids.size > 30);
    },
  },
  {
    name: 'every object that the user sees has a schema with its fields',
    async run(server) {
      const admin = by(server);
      const doc = expect(await admin.get('/openapi.json'), 200);
      const meta = expect(await admin.get('/meta'), 200);
      for (const object of meta.objects) {
        const schema = doc.components.schemas[object.object];
        assert.deepEqual(Object.keys(schema.properties), object.fields.map((field) => field.name), object.object);
        for (const field of schema.required ?? []) assert.ok(schema.properties[field]);
      }
    },
  },
  {
    name: 'what the description names answers',
    async run(server) {
      const admin = by(server);
      const doc = expect(await admin.get('/openapi.json'), 200);
      for (const [path, item] of Object.entries(doc.paths)) {
        if (!item.get || path.includes('{') || path.endsWith('/events')) continue;
        const answer = await server.request('GET', path);
        assert.equal(answer.status, 200, `${path}: ${answer.text.slice(0, 300)}`);
      }
    },
  },
];
