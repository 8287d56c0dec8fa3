// Words of home: loaded with its page, not with the first list.
import en from '@/locales/en/home.json';
import zh from '@/locales/zh-CN/home.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
