import { quote, type DisplayProps, type FieldKit } from '../kit';
import { textsOf } from '../choices/choices';

const TagsDisplay = ({ value }: DisplayProps) => {
  const all = textsOf(value);
  return <span className="row gap4" style={{ minWidth: 0 }}>{all.slice(0, 3).map((tag) => <span key={tag} className="chip"><span className="cut">{tag}</span></span>)}{all.length > 3 && <span className="muted cap">+{all.length - 3}</span>}</span>;
};

export const tags: FieldKit = {
  Display: TagsDisplay,
  text: (_, value) => textsOf(value).join('、'),
  wire: textsOf,
  literal: (value) => textsOf(value).map(quote).join(', '),
  operators: ['has', 'has_not', 'null', 'not_null'],
  width: 160,
};
