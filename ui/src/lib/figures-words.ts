// Words of the page of figures: loaded with it.
import en from '@/locales/en/figures.json';
import zh from '@/locales/zh-CN/figures.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
