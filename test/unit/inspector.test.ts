// Whatever starts ksys does it with the options that keep Node's inspector shut.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NODE_FLAGS } from '../../src/inspector.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the first line of the command has them', () => {
  expect(read('src/main.ts').split('\n')[0]).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`)
})

test("so has the .deb's command", () => {
  const quoted = NODE_FLAGS.map((word) => `'${word}'`).join(' ')
  expect(read('src/setup/dist/deb/ksys')).toContain(`\nexec /usr/lib/ksys/bin/node ${quoted} /usr/lib/ksys/`)
})

test('the kernel takes all that follows the interpreter of the image for one word', () => {
  expect(NODE_FLAGS).toHaveLength(1)
})
