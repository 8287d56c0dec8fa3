// Sending a small form: busy, the error of each field, what went wrong otherwise.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { failureText } from '@/components/state';
import { showToast } from '@/components/toast';
import { ApiProblem } from '@/lib/api';
import type { FieldError } from '@/lib/types';
import { reloadCatalogue } from './api';

export function useSubmit(onDone: () => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [failure, setFailure] = useState('');
  const submit = async (act: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setErrors([]);
    setFailure('');
    try {
      await act();
      await reloadCatalogue(client);
      showToast(done);
      onDone();
    } catch (e) {
      const found = e instanceof ApiProblem ? e.errors : [];
      setErrors(found);
      if (!found.some((x) => x.field)) setFailure(failureText(e));
    }
    setBusy(false);
  };
  const errorOf = (name: string): string | undefined => errors.find((e) => e.field === name || e.field?.startsWith(`${name}.`) || e.field?.startsWith(`${name}[`))?.message;
  return { busy, failure, errors, errorOf, submit };
}
