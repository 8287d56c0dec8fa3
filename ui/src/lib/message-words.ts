// Words of the message centre: loaded with the bell, behind the first list.
import en from '@/locales/en/messages.json';
import zh from '@/locales/zh-CN/messages.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
