// Words of the filter builder and of expressions: they come with the editor.
import en from '@/locales/en/filter.json';
import zh from '@/locales/zh-CN/filter.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
