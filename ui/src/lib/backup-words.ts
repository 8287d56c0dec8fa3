// Words of backups: they come with their page.
import en from '@/locales/en/backups.json';
import zh from '@/locales/zh-CN/backups.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
