// Icons of verbs, by the name that the catalogue gives.
import { ArrowRight, Check, Copy, Hand, MessageCircle, Undo2, X, Zap, type LucideIcon } from 'lucide-react';
import { iconOf } from '@/components/icons';

const ICONS: Record<string, LucideIcon> = { 'arrow-right': ArrowRight, check: Check, copy: Copy, hand: Hand, undo: Undo2, wechat: MessageCircle, x: X };

export const verbIcon = (name: string | undefined): LucideIcon => (name ? ICONS[name] ?? iconOf(name) : Zap);
