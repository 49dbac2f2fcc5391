// Starts the guests before any test, and ends those that are still running after the last one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { beginGuests } from './guests.js'
import { endGuests } from './qemu.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** the folder in which guests leave their results */
    guests: string
  }
}

export default function setup(project: TestProject): () => void {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-kernels-'))
  project.provide('guests', dir)
  beginGuests(dir)
  return () => {
    endGuests()
    rmSync(dir, { recursive: true, force: true })
  }
}
