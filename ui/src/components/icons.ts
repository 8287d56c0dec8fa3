// Icons named by metadata → lucide, one per meaning. Unknown names get a neutral square.
import {
  Box, Boxes, BriefcaseBusiness, Building2, CalendarDays, ChartColumn, CircleDot, ClipboardList, Contact, FileText, FolderTree, Funnel, Headset, House, KeyRound,
  ListOrdered, Map as MapIcon, MapPin, Megaphone, MessageSquareText, Network, Package, Shapes, ShieldCheck, Square, SquareKanban, Store, Target,
  Ticket, Truck, UserRound, Users, Wallet, Workflow, type LucideIcon,
} from 'lucide-react';

const ICONS: Record<string, LucideIcon> = {
  briefcase: BriefcaseBusiness, building: Building2, 'building-2': Building2, box: Box, boxes: Boxes, calendar: CalendarDays, 'calendar-days': CalendarDays, category: FolderTree,
  chart: ChartColumn, person: Contact, department: Network, network: Network, file: FileText, 'file-text': FileText, folder: FolderTree, 'folder-tree': FolderTree,
  filter: Funnel, funnel: Funnel, lead: Funnel, headset: Headset, home: House, key: KeyRound, line: ListOrdered, list: ClipboardList, 'clipboard-list': ClipboardList, 'list-ordered': ListOrdered,
  map: MapIcon, region: MapIcon, megaphone: Megaphone, campaign: Megaphone, message: MessageSquareText, opportunity: Target, target: Target, package: Package, product: Package,
  pipeline: Workflow, workflow: Workflow, 'git-branch': Workflow, kanban: SquareKanban, 'square-kanban': SquareKanban, stage: CircleDot, 'circle-dot': CircleDot, milestone: CircleDot,
  role: ShieldCheck, shield: ShieldCheck, 'shield-check': ShieldCheck, shapes: Shapes, store: Store, ticket: Ticket, truck: Truck, tree: FolderTree, layers: Boxes,
  user: UserRound, 'user-round': UserRound, users: Users, visit: MapPin, 'map-pin': MapPin, wallet: Wallet,
};

const PEOPLE = new Set(['person', 'user-round', 'people']);

export const iconOf = (name: string | undefined): LucideIcon => ICONS[(name ?? '').toLowerCase()] ?? Square;
/** Whether records of an object are people (round) rather than firms and things (square). */
export const showsPeople = (icon: string | undefined): boolean => PEOPLE.has((icon ?? '').toLowerCase());

const FIRMS = new Set(['building', 'building-2']);
export const showsFirms = (icon: string | undefined): boolean => FIRMS.has((icon ?? '').toLowerCase());
