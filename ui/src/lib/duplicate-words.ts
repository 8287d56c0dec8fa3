// Words of duplicates: loaded where a form finds one.
import en from '@/locales/en/duplicate.json';
import zh from '@/locales/zh-CN/duplicate.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
