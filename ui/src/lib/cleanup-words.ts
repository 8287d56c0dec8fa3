// Words of the clean-up page: loaded with it.
import en from '@/locales/en/cleanup.json';
import zh from '@/locales/zh-CN/cleanup.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
