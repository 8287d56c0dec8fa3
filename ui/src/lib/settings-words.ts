// Words of the settings of people and rights. They come with the settings.
import en from '@/locales/en/settings.json';
import zh from '@/locales/zh-CN/settings.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
