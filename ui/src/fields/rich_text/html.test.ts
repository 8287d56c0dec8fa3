// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { renderToStaticMarkup } from 'react-dom/server';
import { createElement, Fragment } from 'react';
import { htmlNodes, htmlText } from './html';

const shown = (html: string): string => renderToStaticMarkup(createElement(Fragment, null, ...htmlNodes(html)));

it('shows what is allowed', () => {
  expect(shown('<p>a <strong>b</strong></p><ul><li>c</li></ul>')).toBe('<p>a <strong>b</strong></p><ul><li>c</li></ul>');
  expect(shown('<img src="/api/v1/files/12" alt="x">')).toContain('src="/api/v1/files/12"');
});

it('shows nothing that runs or calls home, whatever is stored', () => {
  expect(shown('<p onclick="x()">a</p><script>x()</script>')).toBe('<p>a</p>x()');
  expect(shown('<a href="javascript:x()">a</a><img src="https://evil.cn/1.gif">')).toBe('a');
});

it('gives the words', () => {
  expect(htmlText('<p>a &amp; b</p><p>c<br>d</p>')).toBe('a & b\nc\nd');
});
