// Asks the server what an expression is worth, a moment after the last key; the answer before stays meanwhile, and says that it is of before.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { checkExpression, type Checked, type Question } from './check-api';
import { toServer } from './completion';

const PAUSE = 200;

export function useCheck(question: Question): { checked: Checked | undefined; before: boolean } {
  const [asked, setAsked] = useState(question);
  const { object, use, text, at, record } = question;
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ object, use, text, at, record }), PAUSE);
    return () => clearTimeout(timer);
  }, [object, use, text, at, record]);
  const query = useQuery({
    queryKey: ['check', asked.object, asked.use, asked.text, asked.at, asked.record],
    queryFn: ({ signal }) => checkExpression({ ...asked, at: asked.at === undefined ? undefined : toServer(asked.text, asked.at) }, signal),
    enabled: !!asked.object && (!!asked.text || asked.at !== undefined),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  return { checked: query.data, before: query.isPlaceholderData || asked.text !== text || asked.at !== at };
}
