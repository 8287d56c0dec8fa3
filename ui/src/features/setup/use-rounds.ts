// An editor that stays open after saving begins anew with what is stored then; what others save meanwhile
// does not touch what is being typed: the server compares.
import { useEffect, useRef, useState } from 'react';
import { useCatalogue } from '@/lib/meta';

export function useRounds() {
  const { meta } = useCatalogue();
  const [round, setRound] = useState(0);
  const [waits, setWaits] = useState(false);
  const begun = useRef(meta.version);
  useEffect(() => {
    if (!waits || meta.version === begun.current) return;
    begun.current = meta.version;
    setWaits(false);
    setRound((r) => r + 1);
  }, [waits, meta.version]);
  return { round, saved: () => setWaits(true) };
}
