// Words of working without the server: loaded with the bar, not with the first list.
import en from '@/locales/en/offline.json';
import zh from '@/locales/zh-CN/offline.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
