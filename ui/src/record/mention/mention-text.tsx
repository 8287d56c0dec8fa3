import type { LinkValue } from '@/lib/types';
import { pieces } from './mentions';

/** Plain text in which the names of those mentioned stand out. */
export const MentionText = ({ text, people }: { text: string; people: LinkValue[] }) => (
  <>{pieces(text, people).map((p, i) => (p.person ? <span key={i} className="mention">{p.text}</span> : p.text))}</>
);
