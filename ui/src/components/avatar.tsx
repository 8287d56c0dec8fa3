// People are round, firms are square; the tint comes from the id and carries identity only.
export const tintOf = (seed: string): number => [...seed].reduce((a, ch) => (a * 31 + ch.codePointAt(0)!) % 997, 7) % 6;

const PLACE = /^(北京|上海|天津|重庆|苏州|杭州|南京|宁波|无锡|常州|温州|合肥|嘉兴|绍兴|南通|扬州|台州|义乌|徐州|武汉|湖州|广州|深圳|成都|西安|长沙|济南|青岛|福州|厦门|郑州|沈阳|大连|昆明|南昌|石家庄|哈尔滨|长春|东莞|佛山)(?=.)/;

/** The letter that tells firms of one city apart: the first after the place name. */
export function initialOf(name: string, square: boolean): string {
  const text = square ? name.trim().replace(PLACE, '') : name.trim();
  return ([...text][0] ?? '·').toUpperCase();
}

interface Props { name: string; seed?: string; size?: number; square?: boolean }

export function Avatar({ name, seed, size = 20, square = false }: Props) {
  const tint = tintOf(seed ?? name);
  const style = { width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.48)), background: `var(--gx-id${tint}-bg)`, color: `var(--gx-id${tint}-fg)` };
  return <span className={square ? 'av sq' : 'av'} style={style} aria-hidden>{initialOf(name, square)}</span>;
}
