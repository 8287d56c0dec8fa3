// Words of imports: loaded with their page, not with the first list.
import en from '@/locales/en/import.json';
import zh from '@/locales/zh-CN/import.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
