// The words of sanitised HTML, and its elements as React nodes: built one by one from a list, so that nothing runs whatever the text holds.
import { createElement, type ReactNode } from 'react';

const ELEMENTS = new Set(['p', 'br', 'strong', 'em', 'u', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'hr', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td']);
const BLOCKS = new Set(['P', 'BR', 'LI', 'TR', 'H1', 'H2', 'H3', 'H4', 'PRE', 'BLOCKQUOTE', 'HR']);
const EMPTY = new Set(['br', 'hr', 'img']);

const body = (html: string): HTMLElement => new DOMParser().parseFromString(html, 'text/html').body;

export function htmlText(html: string): string {
  const words = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
    const inner = [...node.childNodes].map(words).join('');
    return BLOCKS.has(node.nodeName) ? `${inner}\n` : node.nodeName === 'TD' || node.nodeName === 'TH' ? `${inner} ` : inner;
  };
  return words(body(html)).replace(/\n+/g, '\n').trim();
}

const SAFE_LINK = /^(https?:|mailto:|tel:|\/api\/v1\/files\/)/i;
const SAFE_PICTURE = /^\/api\/v1\/files\/\d+/;

function element(node: Element, key: number): ReactNode {
  const name = node.nodeName.toLowerCase();
  const children = [...node.childNodes].map(nodeOf);
  if (!ELEMENTS.has(name)) return children;
  const props: Record<string, unknown> = { key };
  if (name === 'a') {
    const href = node.getAttribute('href') ?? '';
    if (!SAFE_LINK.test(href)) return children;
    Object.assign(props, { href, target: '_blank', rel: 'noopener noreferrer nofollow' });
  }
  if (name === 'img') {
    const src = node.getAttribute('src') ?? '';
    if (!SAFE_PICTURE.test(src)) return null;
    Object.assign(props, { src, alt: node.getAttribute('alt') ?? '', loading: 'lazy' });
  }
  if (name === 'td' || name === 'th') {
    for (const [from, to] of [['colspan', 'colSpan'], ['rowspan', 'rowSpan']] as const) if (node.hasAttribute(from)) props[to] = Number(node.getAttribute(from));
  }
  return EMPTY.has(name) ? createElement(name, props) : createElement(name, props, ...children);
}

function nodeOf(node: ChildNode, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  return node.nodeType === Node.ELEMENT_NODE ? element(node as Element, key) : null;
}

export const htmlNodes = (html: string): ReactNode[] => [...body(html).childNodes].map(nodeOf);
