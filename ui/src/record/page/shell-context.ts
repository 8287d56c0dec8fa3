// What a page may ask of the frame around it.
import { createContext, useContext } from 'react';

export interface ShellActions { openPalette: () => void; openHelp: () => void; phone: boolean }

export const ShellContext = createContext<ShellActions>({ openPalette: () => {}, openHelp: () => {}, phone: false });
export const useShell = (): ShellActions => useContext(ShellContext);
