// Words of exports: loaded with their dialog, not with the first list.
import en from '@/locales/en/export.json';
import zh from '@/locales/zh-CN/export.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
