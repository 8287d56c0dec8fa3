// Words of boards: loaded with its page, not with the first list.
import en from '@/locales/en/board.json';
import zh from '@/locales/zh-CN/board.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
