// Words of the page of to-dos: loaded with it.
import en from '@/locales/en/todo.json';
import zh from '@/locales/zh-CN/todo.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
