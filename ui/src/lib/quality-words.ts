// Words of data quality: loaded with its pages.
import en from '@/locales/en/quality.json';
import zh from '@/locales/zh-CN/quality.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
