import { describe, expect, it } from 'vitest';
import { mentionedIn, pieces, withPerson } from './mentions';

const xiao = { id: '1', title: '王小' };
const ming = { id: '2', title: '王小明' };

describe('mentions', () => {
  it('count only while the name stands in the text', () => {
    expect(mentionedIn('请 @王小明 看', [ming, { id: '3', title: '李四' }])).toEqual([ming]);
    expect(mentionedIn('请看', [ming])).toEqual([]);
  });

  it('hold a person once', () => {
    expect(withPerson([ming], { id: '2', title: '王小明' })).toEqual([ming]);
    expect(withPerson([ming], xiao)).toEqual([ming, xiao]);
  });

  it('cut a text at the names, the longer name first', () => {
    expect(pieces('请 @王小明 和 @王小 看 a@b', [xiao, ming])).toEqual([
      { text: '请 ' }, { text: '@王小明', person: ming }, { text: ' 和 ' }, { text: '@王小', person: xiao }, { text: ' 看 a@b' },
    ]);
    expect(pieces('', [xiao])).toEqual([]);
    expect(pieces('@王小', [])).toEqual([{ text: '@王小' }]);
  });
});
