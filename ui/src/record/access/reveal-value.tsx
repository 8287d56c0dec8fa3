// A masked value with the way to see it in full: one value, one record, and the server notes it.
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { failureText } from '@/components/state';
import { showFailure } from '@/components/toast';
import { FieldDisplay } from '@/fields/field-display';
import { t } from '@/lib/i18n';
import { fieldLabel } from '@/lib/meta';
import type { FieldMeta, ObjectMeta, Rec } from '@/lib/types';
import { reveal } from './access-api';

export function RevealValue({ object, record, field }: { object: ObjectMeta; record: Rec; field: FieldMeta }) {
  const [shown, setShown] = useState<{ value: unknown; version: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const open = shown?.version === record.version;
  const show = async () => {
    setBusy(true);
    try {
      const answer = await reveal(object.plural, record.id, field.name);
      setShown({ value: answer.value, version: record.version });
    } catch (e) {
      showFailure(failureText(e));
    }
    setBusy(false);
  };
  return (
    <span className="row gap4 masked">
      <FieldDisplay field={open ? { ...field, right: undefined } : field} value={open ? shown.value : record[field.name]} />
      <IconButton small icon={open ? EyeOff : Eye} disabled={busy} label={t(open ? 'reveal.hide' : 'reveal.show', { field: fieldLabel(field) })} onClick={() => (open ? setShown(null) : void show())} />
    </span>
  );
}
