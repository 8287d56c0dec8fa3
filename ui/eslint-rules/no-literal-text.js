// Words that people read come from message files: no letters in JSX text, none in the attributes that are read out.
const READ_OUT = new Set(['title', 'label', 'alt', 'placeholder', 'aria-label', 'aria-description', 'okText', 'cancelText']);
const hasLetters = (text) => /\p{L}/u.test(text);
/** Names of keys and the marks of the editor are the same in every language. */
const KEYS = new Set(['Ctrl K', 'Ctrl Z', 'Ctrl ↵', 'Esc', 'Tab', 'Space']);

export const noLiteralText = {
  meta: { type: 'problem', schema: [], messages: { text: 'Literal text "{{text}}": put it into src/locales.' } },
  create(context) {
    const report = (node, text) => context.report({ node, messageId: 'text', data: { text: text.trim().slice(0, 40) } });
    return {
      JSXText(node) {
        if (hasLetters(node.value) && !KEYS.has(node.value.trim())) report(node, node.value);
      },
      JSXAttribute(node) {
        const name = typeof node.name.name === 'string' ? node.name.name : '';
        if (READ_OUT.has(name) && node.value?.type === 'Literal' && hasLetters(String(node.value.value))) report(node, String(node.value.value));
      },
    };
  },
};
