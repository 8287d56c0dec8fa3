// Words of sharing and of who may do what. They come with the record page and the settings, not with the first load.
import en from '@/locales/en/access.json';
import zh from '@/locales/zh-CN/access.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
