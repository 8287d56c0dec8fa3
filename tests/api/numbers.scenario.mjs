// SPDX-License-Identifier: Apache-2.0
// Auto numbers: formats; blocks that may leave gaps; numbers without any, under parallel writers, refusals, batches, lines, kill -9.
import { assert, by, create, expect, expectProblem, fieldError, unique, walk } from './lib.mjs';

async function made(server, number) {
  const admin = by(server), object = unique('inv').replace('-', '_'), plural = `${object}s`;
  expect(await admin.post('/meta/objects', { object, plural, title: 'serial', traits: ['owned'], fields: [{ name: 'serial', type: 'auto_number', number }, { name: 'code', type: 'text', unique: true }, { name: 'n', type: 'integer' }] }), 201);
  return { admin, object, plural };
}
const serials = async ({ admin, plural }) => (await walk(admin, `/${plural}?sort=serial&fields=serial`, 200)).map((r) => r.serial);
const upTo = (n, width = 4) => Array.from({ length: n }, (_, i) => `I${String(i + 1).padStart(width, '0')}`);

export const tests = [
  {
    name: 'a format is checked: one counter, known parts, the mark of no gaps behind the zeros',
    async run(server) {
      const admin = by(server);
      for (const number of ['I', 'I{0000}{00}', 'I{!0000}', 'I{0000!!}', 'I{}', 'I{!}', 'I{HH}{0000}', 'I{0000']) {
        const refused = await admin.post('/meta/objects', { object: 'bad_number', plural: 'bad_numbers', title: 'serial', fields: [{ name: 'serial', type: 'auto_number', number }] });
        assert.ok(fieldError(expectProblem(refused, 422, 'validation'), 'fields[0].number'), `${number}: ${refused.text}`);
      }
      const dated = await made(server, 'I{YYYY}{MM}{000!}');
      const { serial } = await create(dated.admin, dated.plural, {});
      assert.match(serial, /^I20\d\d(0[1-9]|1[0-2])001$/);
      assert.equal(expect(await admin.get(`/meta/objects/${dated.object}/fields/serial`), 200).number, 'I{YYYY}{MM}{000!}');
    },
  },
  {
    name: 'without gaps: parallel writers, refused and failing writes leave none',
    async run(server) {
      const at = await made(server, 'I{0000!}');
      await create(at.admin, at.plural, { code: 'taken' });
      const bodies = Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? { code: 'taken' } : i % 8 === 6 ? { n: 'x' } : { code: `c${i}` }));
      const answers = await Promise.all(bodies.map((body) => at.admin.post(`/${at.plural}`, body)));
      const fine = answers.filter((r) => r.status === 201);
      for (const [i, r] of answers.entries()) assert.equal(r.status, bodies[i].code === 'taken' ? 409 : bodies[i].n ? 422 : 201, r.text);
      assert.deepEqual(await serials(at), upTo(fine.length + 1));
      assert.equal(new Set(fine.map((r) => r.body.serial)).size, fine.length, 'each answer names its own');
    },
  },
  {
    name: 'without gaps: several of one batch follow one another, a batch that fails gives all back',
    async run(server) {
      const at = await made(server, 'I{0000!}');
      const post = (code) => ({ method: 'POST', path: `/${at.plural}`, body: { code } });
      const batch = (codes) => at.admin.post('/batch', { requests: codes.map(post) });
      expect(await batch(['a', 'b', 'c']), 200);
      assert.ok((await batch(['d', 'e', 'a'])).status >= 400);
      expect(await batch(['f', 'g']), 200);
      assert.deepEqual(await serials(at), upTo(5));
    },
  },
  {
    name: 'without gaps after kill -9; a format with blocks may leave some, and never gives one twice',
    async run(server) {
      const tight = await made(server, 'I{0000!}'), loose = await made(server, 'I{0000}');
      for (const at of [tight, loose]) for (let i = 0; i < 3; i++) await create(at.admin, at.plural, {});
      server.kill();
      await server.start();
      for (const at of [tight, loose]) for (let i = 0; i < 3; i++) await create(at.admin, at.plural, {});
      assert.deepEqual(await serials(tight), upTo(6));
      const given = await serials(loose);
      assert.equal(new Set(given).size, 6);
      assert.deepEqual(given.slice(0, 3), upTo(3));
    },
  },
];
