// -pc and -pk: where an event happened. Outside of pods -pk shows what sysdig shows: no name of a pod, and the container's id.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()('container.scap')

beforeAll(() => {
  writeFileSync(path, gunzipSync(readFileSync(join(root, 'test/golden/captures/container.scap.gz'))))
})

const lines = (...args: string[]) =>
  ksys(['-r', path, ...args])
    .stdout.trimEnd()
    .split('\n')
const PLACE = /^\d+ \S+ \d+ (\S+ \(\S+\)) /
const places = (how: string, filter: string) => [...new Set(lines(how, filter).map((l) => PLACE.exec(l)?.[1]))]

test.each(['-pk', '-pkubernetes'])('%s', (how) => {
  expect(places(how, 'container.id!=host')).toEqual(['<NA> (697956520d89)'])
  expect(places(how, 'container.id=host and proc.name=docker')).toEqual(['<NA> (host)'])
})

test.each(['-pc', '-pcontainer'])('%s', (how) => {
  expect(places(how, 'container.id!=host')).toEqual(['hopeful_taussig (697956520d89)'])
  expect(places(how, 'container.id=host and proc.name=docker')).toEqual(['host (host)'])
})
