// Whatever starts ksys uses the options that disable Node's inspector.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NODE_FLAGS } from '../../src/inspector.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the first line of the command has these options', () => {
  expect(read('src/main.ts').split('\n')[0]).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`)
})

test('the command of the .deb has these options', () => {
  const quoted = NODE_FLAGS.map((word) => `'${word}'`).join(' ')
  expect(read('src/setup/dist/deb/ksys')).toContain(`\nexec /usr/lib/ksys/bin/node ${quoted} /usr/lib/ksys/`)
})

test('the kernel passes everything after the interpreter of the image as one word', () => {
  expect(NODE_FLAGS).toHaveLength(1)
})
