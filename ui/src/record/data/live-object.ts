/** Events of one object: the server names the object, pages know the plural. */
import type { LiveEvent } from '@/lib/live';

export const eventsOf = (events: LiveEvent[], object: string): LiveEvent[] => events.filter((e) => e.object === object);
