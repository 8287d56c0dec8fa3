// Words of the rules of duplicates: loaded with their page.
import en from '@/locales/en/match.json';
import zh from '@/locales/zh-CN/match.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
