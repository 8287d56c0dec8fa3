// Words of the calendar: loaded with its page.
import en from '@/locales/en/calendar.json';
import zh from '@/locales/zh-CN/calendar.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
