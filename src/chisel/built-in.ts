// The modules of the chisels that come with ksys. Joined modules contain them (src/setup/chunks.ts): the files of a checkout would load the
// modules that they import a second time.
import { pathToFileURL } from 'node:url'

/** Imports a chisel of ksys's own folder; file: its path. */
export const importBuiltIn = (file: string): Promise<unknown> => import(pathToFileURL(file).href)
