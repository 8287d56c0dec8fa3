// Words of what a record's page has beyond its fields: pins, who is here. Loaded with that page.
import en from '@/locales/en/record.json';
import zh from '@/locales/zh-CN/record.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
