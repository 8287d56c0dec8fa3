// The home page's answer is asked for while the frame around it is still being drawn.
import { usePrefetchQuery } from '@tanstack/react-query';
import { useMatch } from 'react-router';
import { homeOptions } from './api';
import { useScope } from './use-home';

function Ask() {
  usePrefetchQuery(homeOptions(useScope()));
  return null;
}

export const EarlyHome = () => (useMatch('/') ? <Ask /> : null);
