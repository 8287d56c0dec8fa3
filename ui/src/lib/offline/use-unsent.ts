// The follow-ups of the person signed in that wait on this device, as they come and go.
import { useEffect, useState } from 'react';
import { useSignedIn } from '@/lib/me';
import { onUnsent, unsentOf, type Unsent } from './unsent';

export function useUnsent(): Unsent[] {
  const { user } = useSignedIn();
  const [entries, setEntries] = useState<Unsent[]>([]);
  useEffect(() => {
    let here = true;
    const read = () => void unsentOf(user.id).then((all) => { if (here) setEntries(all); }).catch(() => {});
    const stop = onUnsent(read);
    read();
    return () => { here = false; stop(); };
  }, [user.id]);
  return entries;
}
