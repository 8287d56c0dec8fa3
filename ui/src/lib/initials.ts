// First letters of Chinese words: the browser sorts Han by pinyin, so a character's letter is the last whose first syllable does not come after it.
const LETTERS = 'ABCDEFGHJKLMNOPQRSTWXYZ';
/** For each letter the character that sorts first under it. */
const FIRST = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他挖夕丫帀';

const collator = new Intl.Collator('zh-CN-u-co-pinyin');

export function initials(text: string): string {
  return [...text].map((ch) => {
    if (!/\p{Script=Han}/u.test(ch)) return ch.toLowerCase();
    let letter = '';
    for (let i = 0; i < FIRST.length && collator.compare(FIRST[i]!, ch) <= 0; i++) letter = LETTERS[i]!;
    return letter.toLowerCase();
  }).join('');
}
