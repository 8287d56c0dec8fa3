import { describe, expect, it } from 'vitest';
import { boxFrom, boxOf, boxText, carried, pointOf, RATIO, scaleOf, spotsOf, zoomed } from './plane';

const at = (lat: number, lng: number) => ({ place: { lat, lng } });
const [hangzhou, near, ningbo] = [at(30.27, 120.15), at(30.2705, 120.1505), at(29.87, 121.55)];

describe('places on a plane', () => {
  it('is kept as a short text, and anything else is none', () => {
    const box = { lat: 30.27, lng: 120.15, tall: 0.25 };
    expect(boxFrom(boxText(box))).toEqual(box);
    expect(boxText({ lat: 1 / 3, lng: -2 / 3, tall: 1e-2 / 3 })).toBe('0.33333,-0.66667,0.003333');
    expect(['', '-', '30,120', '95,120,1', '30,120,0', '30,120,900', '30,120,1,4', 'a,b,c'].map(boxFrom)).toEqual(Array(8).fill(null));
  });
  it('sees all of them, north above and east to the right', () => {
    const box = boxOf([hangzhou, ningbo]);
    const [a, b] = [pointOf(box, hangzhou.place), pointOf(box, ningbo.place)];
    for (const p of [a, b]) expect(Math.min(p.x, p.y, 1 - p.x, 1 - p.y)).toBeGreaterThan(0.05);
    expect(a.x).toBeLessThan(b.x);
    expect(a.y).toBeLessThan(b.y);
  });
  it('puts what is near together, and apart when looked at closer', () => {
    expect(spotsOf(boxOf([hangzhou, near, ningbo]), [hangzhou, near, ningbo], 18).map((s) => s.items.length).sort()).toEqual([1, 2]);
    expect(spotsOf(boxOf([hangzhou, near]), [hangzhou, near, ningbo], 90).map((s) => s.items.length)).toEqual([1, 1]);
  });
  it('tells a round length that is as long as drawn', () => {
    const box = { lat: 0, lng: 0, tall: 1 };
    const { metres, part } = scaleOf(box);
    expect([metres, part * RATIO * 111_195]).toEqual([20_000, expect.closeTo(20_000, 0)]);
    expect(scaleOf(zoomed(box, 0.01)).metres).toBe(200);
  });
  it('carries a place with the hand', () => {
    const box = boxOf([hangzhou, ningbo]);
    const [old, now] = [pointOf(box, ningbo.place), pointOf(carried(box, 0.1, 0), ningbo.place)];
    expect([now.x - old.x, now.y - old.y]).toEqual([expect.closeTo(0.1, 5), expect.closeTo(0, 5)]);
  });
});
