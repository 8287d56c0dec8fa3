// SPDX-License-Identifier: Apache-2.0
// The test of the property test: a reference that is wrong in one point is found out, and what is left of the organisation is what
// the point is about. The server is right all the time.
import { assert } from './lib.mjs';
import { Dice, OBJECTS } from './rights_model.mjs';
import { fails, reductions, shrink, shrinkCase } from './rights_shrink.mjs';
import { World } from './rights_world.mjs';

const counted = (state) => OBJECTS.reduce((n, object) => n + state.records[object].length, 0);

async function failing(w, kind) {
  for (let seed = 1; seed < 200; seed++) {
    const dice = new Dice(seed);
    await w.change(dice);
    await w.fill(dice, `wrong${kind}${seed}zz`);
    const candidates = w.users.filter((me) => w.shares.some((s) => kind in s.with) && me.roles.length > 0);
    for (const me of candidates) {
      const state = w.state(me);
      if (await fails(w, state)) return state;
    }
  }
  throw new Error('no case meets the wrong rule');
}

export const tests = [
  {
    name: 'what can go goes, and no more',
    async run() {
      const drop = (list) => list.map((_, i) => (s) => s.toSpliced(i, 1));
      const both = async (list) => list.includes(3) && list.includes(7);
      assert.deepEqual(await shrink([1, 3, 5, 7, 9, 3], drop, both), [7, 3]);
      assert.deepEqual(await shrink([3, 7], drop, both), [3, 7]);
    },
  },
  {
    name: 'a reference that knows nothing of shares with teams is found out by one record and one share',
    async run(server) {
      const w = new World(server);
      await w.begin();
      w.forgets = 'team';
      const state = await failing(w, 'team');
      const small = await shrinkCase(w, state);
      assert.equal(small.shares.length, 1, JSON.stringify(small));
      assert.ok('team' in small.shares[0].with);
      const { length: lines } = small.records.rgamma; // a line is nothing without what it belongs to
      assert.ok(lines <= 1 && counted(small) === 1 + lines, JSON.stringify(small));
      assert.equal(small.rules.length, 0);
      assert.equal(small.users.filter((u) => u.roles.length > 0).length, 1, 'only who acts is left');
      assert.ok((await fails(w, small)) !== null, 'the small state fails again');
      for (const less of reductions(small)) assert.equal(less(small) === null ? null : await fails(w, less(small)), null, 'and nothing more can go');
      w.forgets = undefined;
      assert.equal(await fails(w, small), null, 'the right reference has nothing against it');
      await w.realise(state, 'whole0zz');
      assert.equal(await fails(w, state), null, 'nor against the whole');
    },
  },
];
