// SPDX-License-Identifier: Apache-2.0
// Jobs: listed to their person, hidden from others, managed by administrators; what failed is retried or discarded.
import { assert, by, create, expect, expectProblem, listen, makeUser, unique, waitForJob } from './lib.mjs';

const failing = async (client) => { // an import whose file is gone has failed for good; a bulk action on a removed thing as well
  const job = await waitForJob(client, await client.post('/accounts/bulk', { ids: ['1'], set: { name: 'x' } }));
  return job;
};

export const tests = [
  {
    name: 'a person sees the own jobs, an administrator all',
    async run(server) {
      const admin = by(server);
      const boss = await makeUser(server, ['boss']);
      const a = await create(boss.client, 'accounts', { name: unique('job') });
      const mine = await waitForJob(boss.client, await boss.client.post('/accounts/bulk', { ids: [a.id], set: { short_name: 'x' } }));
      const other = await failing(admin);
      const own = expect(await boss.client.get('/jobs'), 200).items;
      assert.deepEqual(own.map((job) => job.id), [mine.id]);
      assert.deepEqual([own[0].kind, own[0].status, own[0].run_as.id], ['bulk', 'done', boss.id]);
      assert.ok(!('result' in own[0]));
      expectProblem(await boss.client.get('/jobs?all=true'), 403, 'forbidden');
      expectProblem(await boss.client.get(`/jobs/${other.id}`), 404, 'not_found');
      for (const verb of ['retry', 'discard']) expectProblem(await boss.client.post(`/jobs/${other.id}/${verb}`), 404, 'not_found');
      expectProblem(await boss.client.delete(`/jobs/${other.id}`), 404, 'not_found');
      const all = expect(await admin.get('/jobs?all=true&kind=bulk'), 200).items;
      assert.ok([mine.id, other.id].every((id) => all.some((job) => job.id === id)));
      assert.equal(all.find((job) => job.id === mine.id).run_as.title, boss.name);
      assert.equal(expect(await admin.get(`/jobs/${mine.id}`), 200).result.changed, 1);
      const page = expect(await admin.get('/jobs?all=true&limit=1'), 200);
      assert.equal(expect(await admin.get(`/jobs?all=true&limit=1&after=${page.next}`), 200).items.length, 1);
      for (const query of ['status=lost', 'all=1', 'limit=0', 'after=x', 'colour=1']) expectProblem(await admin.get(`/jobs?${query}`), 400, 'bad_parameter');
    },
  },
  {
    name: 'a cancelled job goes on when asked to, and is removed when asked to',
    async run(server) {
      const admin = by(server);
      const mark = unique('again');
      for (let i = 0; i < 20; i++) {
        const requests = Array.from({ length: 100 }, (_, k) => ({ method: 'POST', path: '/accounts', body: { name: `${mark} ${i * 100 + k}` } }));
        expect(await admin.post('/batch', { requests }), 200);
      }
      const filter = `name starts "${mark} "`;
      const answer = await admin.post('/accounts/bulk', { filter, set: { short_name: 'again' } });
      const { id } = expect(answer, 202);
      expectProblem(await admin.post(`/jobs/${id}/discard`), 409, 'conflict');
      await admin.delete(`/jobs/${id}`);
      const first = await waitForJob(admin, answer);
      if (first.status === 'cancelled') {
        const stream = await listen(server, server.key, 'accounts');
        expect(await admin.post(`/jobs/${id}/retry`), 204);
        await stream.wait((event) => event.type === 'job' && event.data.id === id);
        stream.close();
      }
      const last = await waitForJob(admin, answer);
      assert.equal(last.status, 'done', JSON.stringify(last));
      const count = expect(await admin.get(`/accounts?limit=1&count=exact&filter=${encodeURIComponent(`${filter} and short_name = "again" and version = 2`)}`), 200).count.value;
      assert.equal(count, 2000); // each once, whenever it was cancelled
      expectProblem(await admin.post(`/jobs/${id}/retry`), 409, 'conflict');
      expect(await admin.post(`/jobs/${id}/discard`), 204);
      expectProblem(await admin.get(`/jobs/${id}`), 404, 'not_found');
    },
  },
];
