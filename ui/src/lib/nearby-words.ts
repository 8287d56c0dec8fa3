// Words of the page of what is near: loaded with it.
import en from '@/locales/en/nearby.json';
import zh from '@/locales/zh-CN/nearby.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
