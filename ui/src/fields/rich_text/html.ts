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

type Attributes = Record<string, string>;

/** What an element may be here: its attributes; 'inside': only what it holds; null: nothing of it. */
function allowed(node: Element): Attributes | 'inside' | null {
  const name = node.nodeName.toLowerCase();
  if (!ELEMENTS.has(name)) return 'inside';
  if (name === 'a') {
    const href = node.getAttribute('href') ?? '';
    return SAFE_LINK.test(href) ? { href, target: '_blank', rel: 'noopener noreferrer nofollow' } : 'inside';
  }
  if (name === 'img') {
    const src = node.getAttribute('src') ?? '';
    return SAFE_PICTURE.test(src) ? { src, alt: node.getAttribute('alt') ?? '', loading: 'lazy' } : null;
  }
  if (name !== 'td' && name !== 'th') return {};
  return Object.fromEntries(['colspan', 'rowspan'].filter((a) => node.hasAttribute(a)).map((a) => [a, String(Number(node.getAttribute(a)))]));
}

const PROPS: Record<string, string> = { colspan: 'colSpan', rowspan: 'rowSpan' };

function element(node: Element, key: number): ReactNode {
  const attributes = allowed(node);
  const children = [...node.childNodes].map(nodeOf);
  if (attributes === 'inside') return children;
  if (attributes === null) return null;
  const name = node.nodeName.toLowerCase();
  const props = { key, ...Object.fromEntries(Object.entries(attributes).map(([a, v]) => [PROPS[a] ?? a, v])) };
  return EMPTY.has(name) ? createElement(name, props) : createElement(name, props, ...children);
}

function nodeOf(node: ChildNode, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  return node.nodeType === Node.ELEMENT_NODE ? element(node as Element, key) : null;
}

export const htmlNodes = (html: string): ReactNode[] => [...body(html).childNodes].map(nodeOf);

/** The same as elements of the page, for the editor, which React must not own. */
function copy(node: ChildNode): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const attributes = allowed(node as Element);
  const children = [...node.childNodes].flatMap(copy);
  if (attributes === 'inside') return children;
  if (attributes === null) return [];
  const made = document.createElement(node.nodeName.toLowerCase());
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return [made];
}

export const htmlElements = (html: string): Node[] => [...body(html).childNodes].flatMap(copy);
