#!/usr/bin/env node
// The ksys command. Its modules joined into few files (src/setup/bundle.mjs) are taken while they are as new as the modules.
import { statSync } from 'node:fs'

const JOINED = './joined/main.js'

function joinedFits(): boolean {
  const joined = statSync(new URL(JOINED, import.meta.url), { throwIfNoEntry: false })
  return joined !== undefined && joined.mtimeMs >= statSync(new URL(import.meta.url)).mtimeMs
}

const { main } = (await import(joinedFits() ? JOINED : './cli/main.js')) as typeof import('./cli/main.js')
await main(process.argv.slice(2))
