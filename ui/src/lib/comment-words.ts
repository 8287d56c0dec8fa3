// Words of comments and mentions: loaded where somebody writes or reads them.
import en from '@/locales/en/comment.json';
import zh from '@/locales/zh-CN/comment.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
