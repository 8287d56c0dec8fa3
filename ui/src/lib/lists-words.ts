// Words of groups, sorting, calendar, split view and charts: they come with what shows them.
import en from '@/locales/en/lists.json';
import zh from '@/locales/zh-CN/lists.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
