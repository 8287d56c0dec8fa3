// Words of writing follow-ups: loaded with their pages, not with the first list.
import en from '@/locales/en/followup.json';
import zh from '@/locales/zh-CN/followup.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
