// Words of recordings: loaded with what plays or makes one.
import en from '@/locales/en/sound.json';
import zh from '@/locales/zh-CN/sound.json';
import { addMessages } from './i18n';

addMessages({ 'zh-CN': zh, en });
